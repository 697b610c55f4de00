-- True if the reply of the row q of the queue may have reached the customer without a definite answer.
-- record.sql clears `outcome`, so a process that dies after it also leaves a doubt.
(q.ai_log_id is not null and coalesce(q.sends, 0) > 0
 and (q.outcome is null or q.outcome like '{in_doubt_note}%'))
