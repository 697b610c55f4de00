// A provider that thinks for a while before it answers.
//
//	provider LISTEN DELAY BYTES [CERTIFICATE KEY]      provider 127.0.0.1:7002 400ms 50
//
// BYTES is the length of the reply in each answer. With a certificate it speaks TLS.
package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 4 && len(os.Args) != 6 {
		log.Fatal("usage: provider LISTEN DELAY BYTES [CERTIFICATE KEY]")
	}
	delay, err := time.ParseDuration(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	size, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	answer, err := json.Marshal(map[string]any{
		"model": "gpt-4o-mini",
		"choices": []any{map[string]any{
			"message":       map[string]any{"role": "assistant", "content": strings.Repeat("word\n", 1+size/5)[:size]},
			"finish_reason": "stop"}},
		"usage": map[string]any{"prompt_tokens": 150, "completion_tokens": 25, "total_tokens": 175}})
	if err != nil {
		log.Fatal(err)
	}
	server := http.Server{Addr: os.Args[1], Handler: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			time.Sleep(delay)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
			w.Write(answer)
		})}
	if len(os.Args) == 6 {
		log.Fatal(server.ListenAndServeTLS(os.Args[4], os.Args[5]))
	}
	log.Fatal(server.ListenAndServe())
}
