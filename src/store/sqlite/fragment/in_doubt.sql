-- Whether the reply of a row of the queue, as q, may have reached the customer although no definite answer
-- came. The record clears `outcome`, so a process that died after it leaves a doubt, too.
(q.ai_log_id is not null and coalesce(q.sends, 0) > 0
 and (q.outcome is null or q.outcome like '{in_doubt_note}%'))
