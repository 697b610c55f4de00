// A relay between a client and PostgreSQL. It holds every packet back for a while, as a network would, and
// counts round trips.
//
//	relay LISTEN TARGET DELAY      relay 127.0.0.1:7001 127.0.0.1:5432 500us
//
// A round trip is a packet of the client after one of the server, or the first of a connection. On SIGTERM it
// prints the number of round trips and ends.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

var roundTrips atomic.Int64

// packet is what was read at once, and when it may go on.
type packet struct {
	bytes []byte
	due   time.Time
}

// forward copies from one side to the other. Reading goes on while packets are held back, so that the delay
// limits no throughput.
func forward(from, to net.Conn, delay time.Duration, onRead func()) {
	packets := make(chan packet, 1024)
	go func() {
		defer close(packets)
		buffer := make([]byte, 64*1024)
		for {
			n, err := from.Read(buffer)
			if n > 0 {
				onRead()
				packets <- packet{append([]byte(nil), buffer[:n]...), time.Now().Add(delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range packets {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.bytes); err != nil {
			break
		}
	}
	to.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, from)
}

func serve(client net.Conn, target string, delay time.Duration) {
	defer client.Close()
	server, err := net.Dial("tcp", target)
	if err != nil {
		log.Print(err)
		return
	}
	defer server.Close()
	var asking atomic.Bool
	done := make(chan bool)
	go func() {
		forward(server, client, delay, func() { asking.Store(false) })
		close(done)
	}()
	forward(client, server, delay, func() {
		if asking.CompareAndSwap(false, true) {
			roundTrips.Add(1)
		}
	})
	<-done
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: relay LISTEN TARGET DELAY")
	}
	delay, err := time.ParseDuration(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		fmt.Println(roundTrips.Load())
		os.Exit(0)
	}()
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(client, os.Args[2], delay)
	}
}
