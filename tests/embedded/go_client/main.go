// Joins a bus with the Go client of NATS and tries what programs do with it.
//
// The first argument is the URL. It prints "ok", or what went wrong and fails.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
)

const patience = 10 * time.Second

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

func run(url string) error {
	failures := make(chan error, 100)
	onError := nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		failures <- err
	})
	one, err := nats.Connect(url, onError, nats.Name("one"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer one.Close()
	two, err := nats.Connect(url, onError, nats.Name("two"))
	if err != nil {
		return fmt.Errorf("connect again: %w", err)
	}
	defer two.Close()

	steps := []struct {
		name string
		try  func(one, two *nats.Conn) error
	}{
		{"messages", messages},
		{"headers", headers},
		{"requests", requests},
		{"no responders", noResponders},
		{"queue group", queueGroup},
		{"limited subscription", limited},
		{"largest payload", largest},
		{"drain", drain},
	}
	for _, step := range steps {
		if err := step.try(one, two); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	select {
	case err := <-failures:
		return fmt.Errorf("reported: %w", err)
	default:
		return nil
	}
}

func messages(one, two *nats.Conn) error {
	sub, err := two.SubscribeSync("go.*.>")
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()
	if err := two.Flush(); err != nil {
		return err
	}
	const count = 20_000
	for i := range count {
		if err := one.Publish("go.some.subject", fmt.Appendf(nil, "%d", i)); err != nil {
			return err
		}
	}
	for i := range count {
		msg, err := sub.NextMsg(patience)
		if err != nil {
			return fmt.Errorf("message %d: %w", i, err)
		}
		if string(msg.Data) != fmt.Sprint(i) {
			return fmt.Errorf("message %d is %q", i, msg.Data)
		}
	}
	return nil
}

func headers(one, two *nats.Conn) error {
	sub, err := two.SubscribeSync("with.headers")
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()
	if err := two.Flush(); err != nil {
		return err
	}
	sent := nats.NewMsg("with.headers")
	sent.Header.Add("Several", "one")
	sent.Header.Add("Several", "two")
	sent.Data = []byte("body")
	if err := one.PublishMsg(sent); err != nil {
		return err
	}
	got, err := sub.NextMsg(patience)
	if err != nil {
		return err
	}
	if values := got.Header.Values("Several"); len(values) != 2 || string(got.Data) != "body" {
		return fmt.Errorf("got %v %q", got.Header, got.Data)
	}
	return nil
}

func requests(one, two *nats.Conn) error {
	sub, err := two.Subscribe("ask", func(msg *nats.Msg) {
		msg.Respond(append([]byte("you said "), msg.Data...))
	})
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()
	if err := two.Flush(); err != nil {
		return err
	}
	for i := range 500 {
		reply, err := one.Request("ask", fmt.Appendf(nil, "%d", i), patience)
		if err != nil {
			return err
		}
		if string(reply.Data) != fmt.Sprintf("you said %d", i) {
			return fmt.Errorf("answer %d is %q", i, reply.Data)
		}
	}
	return nil
}

func noResponders(one, _ *nats.Conn) error {
	if _, err := one.Request("nobody", nil, patience); !errors.Is(err, nats.ErrNoResponders) {
		return fmt.Errorf("the request ended with %v", err)
	}
	return nil
}

func queueGroup(one, two *nats.Conn) error {
	got := make(chan string, 10_000)
	for _, member := range []*nats.Conn{one, two, two} {
		sub, err := member.QueueSubscribe("work", "workers", func(msg *nats.Msg) {
			got <- string(msg.Data)
		})
		if err != nil {
			return err
		}
		defer sub.Unsubscribe()
		if err := member.Flush(); err != nil {
			return err
		}
	}
	const count = 1_000
	for i := range count {
		if err := one.Publish("work", fmt.Appendf(nil, "%d", i)); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for len(seen) < count {
		select {
		case text := <-got:
			if seen[text] {
				return fmt.Errorf("%s came twice", text)
			}
			seen[text] = true
		case <-time.After(patience):
			return fmt.Errorf("%d of %d came", len(seen), count)
		}
	}
	return nil
}

func limited(one, two *nats.Conn) error {
	sub, err := two.SubscribeSync("limited")
	if err != nil {
		return err
	}
	if err := sub.AutoUnsubscribe(2); err != nil {
		return err
	}
	if err := two.Flush(); err != nil {
		return err
	}
	for range 3 {
		if err := one.Publish("limited", nil); err != nil {
			return err
		}
	}
	for range 2 {
		if _, err := sub.NextMsg(patience); err != nil {
			return err
		}
	}
	if _, err := sub.NextMsg(patience); !errors.Is(err, nats.ErrMaxMessages) {
		return fmt.Errorf("after the last message: %v", err)
	}
	return nil
}

func largest(one, two *nats.Conn) error {
	sub, err := two.SubscribeSync("large")
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()
	if err := two.Flush(); err != nil {
		return err
	}
	data := bytes.Repeat([]byte{0xa5}, int(one.MaxPayload()))
	if err := one.Publish("large", data); err != nil {
		return err
	}
	got, err := sub.NextMsg(patience)
	if err != nil {
		return err
	}
	if !bytes.Equal(got.Data, data) {
		return fmt.Errorf("%d bytes came otherwise", len(got.Data))
	}
	if err := one.Publish("large", append(data, 0)); !errors.Is(err, nats.ErrMaxPayload) {
		return fmt.Errorf("one byte more: %v", err)
	}
	return nil
}

func drain(one, two *nats.Conn) error {
	closed := make(chan struct{})
	two.SetClosedHandler(func(*nats.Conn) { close(closed) })
	got := make(chan struct{}, 100)
	if _, err := two.Subscribe("drained", func(*nats.Msg) { got <- struct{}{} }); err != nil {
		return err
	}
	if err := two.Flush(); err != nil {
		return err
	}
	for range 100 {
		if err := one.Publish("drained", nil); err != nil {
			return err
		}
	}
	if err := one.Flush(); err != nil {
		return err
	}
	if err := two.Drain(); err != nil {
		return err
	}
	select {
	case <-closed:
	case <-time.After(patience):
		return errors.New("it takes too long")
	}
	if len(got) != 100 {
		return fmt.Errorf("%d of 100 messages came", len(got))
	}
	return nil
}
