// A worker as a Go programmer would write it. It claims due jobs in batches and answers each.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o go-peer main.go
//	go-peer prepare    creates the index that a claim needs
//	go-peer            does up to LIMIT jobs, CONCURRENCY at a time, and ends when no more are due
//
// FLOOR=sql leaves out the HTTP calls and FLOOR=http the statements, to show what the rest takes.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v4/pgxpool"
)

const (
	connectionsMax = 16
	batchMin       = 64
)

const prepareSQL = `
create index if not exists ai_response_queue_due
    on ai_response_queue (next_attempt_at) where status = 'pending'`

const claimSQL = `
with due as (
  select id from ai_response_queue
   where status = 'pending' and next_attempt_at <= now()
   order by next_attempt_at
   limit $1
   for update skip locked
)
update ai_response_queue q
   set status = 'processing', claim_token = gen_random_uuid(), claimed_at = now(),
       lease_until = now() + interval '5 minutes'
  from due
 where q.id = due.id
returning q.id::text, q.claim_token::text`

// The start of a job and all that it reads take one round trip.
const startSQL = `
with job as (
  update ai_response_queue set started_at = now(), attempts = attempts + 1
   where id = $1 and claim_token = $2
  returning workspace_id, contact_id, message_id
)
select j.workspace_id, j.contact_id::text, coalesce(m.body, ''), c.phone_number, g.provider, g.model,
       coalesce(g.system_prompt, ''), coalesce(g.api_key, ''), g.base_url, g.temperature, g.max_tokens,
       (select coalesce(json_agg(json_build_object('direction', h.direction, 'body', h.body)
                                 order by h.created_at), '[]')
          from (select direction, body, created_at from livechat_messages
                 where contact_id = j.contact_id and workspace_id = j.workspace_id
                   and direction in ('inbound', 'outbound') and id <> j.message_id
                 order by created_at desc
                 limit 10) h)
  from job j
  join livechat_messages m on m.id = j.message_id
  join contacts c on c.id = j.contact_id
  join workspace_ai_config g on g.workspace_id = j.workspace_id
 limit 1`

const recordSQL = `
with job as (
  update ai_response_queue set ai_log_id = gen_random_uuid(), sends = sends + 1, sent_at = now()
   where id = $1 and claim_token = $2
  returning ai_log_id, workspace_id, contact_id, message_id
)
insert into ai_response_logs (id, workspace_id, contact_id, message_id, provider, model, prompt, response,
                              tokens_used, created_at)
select ai_log_id, workspace_id, contact_id, message_id, $3, $4, $5, $6, $7, now() from job
returning id::text`

const completeSQL = `
update ai_response_queue
   set status = 'complete', processed_at = now(), outcome = 'completed',
       claim_token = null, lease_until = null
 where id = $1 and claim_token = $2`

const retrySQL = `
update ai_response_queue
   set status = 'pending', next_attempt_at = now() + interval '1 minute', error = $3,
       claim_token = null, lease_until = null
 where id = $1 and claim_token = $2`

type job struct{ id, token string }

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type chatRequest struct {
	Model       string        `json:"model"`
	Messages    []chatMessage `json:"messages"`
	Temperature *float64      `json:"temperature,omitempty"`
	MaxTokens   *int          `json:"max_tokens,omitempty"`
}

type chatAnswer struct {
	Choices []struct{ Message chatMessage }
	Usage   struct {
		TotalTokens int `json:"total_tokens"`
	}
}

type delivery struct {
	To          string           `json:"to"`
	Message     string           `json:"message"`
	WorkspaceID string           `json:"workspaceId"`
	ContactID   string           `json:"contactId"`
	Metadata    deliveryMetadata `json:"metadata"`
}

type deliveryMetadata struct {
	ContactID     string `json:"contactId"`
	IsAIGenerated bool   `json:"isAiGenerated"`
	AILogID       string `json:"aiLogId"`
}

type worker struct {
	pool        *pgxpool.Pool
	client      *http.Client
	callbackURL string
	floor       string
}

// What the provider answers if it is not asked.
const answerOfFloor = `{"choices":[{"message":{"role":"assistant","content":"We are open on Sunday from 9 to 5. ` +
	`See you soon!"}}],"usage":{"total_tokens":175}}`

// The channel has room for half a batch, so a worker seldom waits for a claim.
func (w *worker) claim(ctx context.Context, limit, batch int, jobs chan<- job) error {
	defer close(jobs)
	for limit > 0 {
		rows, err := w.pool.Query(ctx, claimSQL, smaller(batch, limit))
		if err != nil {
			return err
		}
		var claimed []job
		for rows.Next() {
			var j job
			if err := rows.Scan(&j.id, &j.token); err != nil {
				return err
			}
			claimed = append(claimed, j)
		}
		if rows.Err() != nil || len(claimed) == 0 {
			return rows.Err()
		}
		for _, j := range claimed {
			jobs <- j
		}
		limit -= len(claimed)
	}
	return nil
}

// An answer is read to its end, since its connection cannot be used again otherwise.
func (w *worker) post(ctx context.Context, url, key string, body []byte) ([]byte, error) {
	if w.floor == "sql" {
		return []byte(answerOfFloor), nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := w.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("%s answered HTTP %d", url, response.StatusCode)
	}
	return answer, err
}

func (w *worker) run(ctx context.Context, j job) error {
	var workspace, contact, question, phone, provider, prompt, key, baseURL, logID string
	var history []struct{ Direction, Body string }
	var chat chatRequest
	err := w.pool.QueryRow(ctx, startSQL, j.id, j.token).Scan(&workspace, &contact, &question, &phone,
		&provider, &chat.Model, &prompt, &key, &baseURL, &chat.Temperature, &chat.MaxTokens, &history)
	if err != nil {
		return err
	}

	chat.Messages = append(chat.Messages, chatMessage{"system", prompt})
	for _, message := range history {
		role := "user"
		if message.Direction == "outbound" {
			role = "assistant"
		}
		chat.Messages = append(chat.Messages, chatMessage{role, message.Body})
	}
	chat.Messages = append(chat.Messages, chatMessage{"user", question})
	request, err := json.Marshal(chat)
	if err != nil {
		return err
	}
	body, err := w.post(ctx, baseURL+"/chat/completions", key, request)
	if err != nil {
		return err
	}
	var answer chatAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if len(answer.Choices) == 0 || answer.Choices[0].Message.Content == "" {
		return errors.New("the provider's answer has no text")
	}
	reply := answer.Choices[0].Message.Content

	err = w.pool.QueryRow(ctx, recordSQL, j.id, j.token, provider, chat.Model, string(request), reply,
		answer.Usage.TotalTokens).Scan(&logID)
	if err != nil {
		return err
	}
	request, err = json.Marshal(
		delivery{phone, reply, workspace, contact, deliveryMetadata{contact, true, logID}})
	if err != nil {
		return err
	}
	if _, err = w.post(ctx, w.callbackURL, "", request); err != nil {
		return err
	}
	done, err := w.pool.Exec(ctx, completeSQL, j.id, j.token)
	if err == nil && done.RowsAffected() == 0 {
		err = errors.New("the claim was lost")
	}
	return err
}

// The two calls of a job, with bodies of the usual size.
func (w *worker) callOnly(ctx context.Context) error {
	body := bytes.Repeat([]byte(" "), 600)
	if _, err := w.post(ctx, os.Getenv("PROVIDER_URL")+"/chat/completions", "sk-bench", body); err != nil {
		return err
	}
	_, err := w.post(ctx, w.callbackURL, "", body[:300])
	return err
}

func smaller(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func number(name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		log.Fatalf("%s must be a positive number", name)
	}
	return value
}

func main() {
	ctx := context.Background()
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	concurrency, limit := number("CONCURRENCY", 16), number("LIMIT", math.MaxInt32)
	config.MaxConns = int32(smaller(connectionsMax, concurrency))
	pool, err := pgxpool.ConnectConfig(ctx, config)
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if len(os.Args) > 1 && os.Args[1] == "prepare" {
		if _, err := pool.Exec(ctx, prepareSQL); err != nil {
			log.Fatal(err)
		}
		return
	}

	// The default of two idle connections per host would open a new one for most requests.
	transport := &http.Transport{MaxIdleConnsPerHost: concurrency, IdleConnTimeout: time.Minute}
	w := &worker{pool, &http.Client{Transport: transport, Timeout: time.Minute}, os.Getenv("CALLBACK_URL"),
		os.Getenv("FLOOR")}
	batch := batchMin
	if concurrency > batch {
		batch = concurrency
	}
	jobs := make(chan job, batch/2)
	var completed, failed atomic.Int64
	var workers sync.WaitGroup
	for i := 0; i < concurrency; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for j := range jobs {
				if w.floor == "http" {
					if err := w.callOnly(ctx); err != nil {
						log.Fatal(err)
					}
					completed.Add(1)
				} else if err := w.run(ctx, j); err != nil {
					failed.Add(1)
					log.Printf("job %s: %v", j.id, err)
					if _, err := pool.Exec(ctx, retrySQL, j.id, j.token, err.Error()); err != nil {
						log.Printf("job %s: %v", j.id, err)
					}
				} else {
					completed.Add(1)
				}
			}
		}()
	}
	if w.floor == "http" {
		for i := 0; i < limit; i++ {
			jobs <- job{}
		}
		close(jobs)
	} else {
		err = w.claim(ctx, limit, batch, jobs)
	}
	workers.Wait()
	fmt.Printf("{\"completed\": %d, \"failed\": %d}\n", completed.Load(), failed.Load())
	if err != nil {
		log.Fatal(err)
	}
	if failed.Load() > 0 {
		os.Exit(1)
	}
}
