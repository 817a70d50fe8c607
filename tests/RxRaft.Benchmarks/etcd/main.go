// Drives a running etcd cluster with etcd's own client, as redis-benchmark drives ours: callers that each wait for
// their answer, 16-byte keys, 64-byte values, over a few shared gRPC connections, at the leader.
//
// Debian's golang-go and golang-etcd-server-dev build it: GO111MODULE=off GOPATH=/usr/share/gocode go build
//
//	etcd -endpoints 127.0.0.1:23791,...          prints the leader's endpoint
//	etcd -endpoints <the leader's> -test put     prints requests a second, p50 and p99 in ms; also: get
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"sort"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.uber.org/zap"
)

func dial(endpoint string) *clientv3.Client {
	quiet := zap.NewProductionConfig()
	quiet.OutputPaths, quiet.ErrorOutputPaths = []string{"/dev/null"}, []string{"/dev/null"}
	client, err := clientv3.New(clientv3.Config{
		Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second, LogConfig: &quiet})
	must(err)
	return client
}

func leader(endpoints []string) string {
	for i := 0; i < 200; i++ {
		for _, endpoint := range endpoints {
			client := dial(endpoint)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			status, err := client.Status(ctx, endpoint)
			cancel()
			client.Close()
			if err == nil && status.Leader != 0 && status.Leader == status.Header.MemberId {
				return endpoint
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	log.Fatal("no leader")
	return ""
}

func measure(endpoint, test string, callers, connections int, length time.Duration) {
	var clients []*clientv3.Client
	for i := 0; i < connections; i++ {
		client := dial(endpoint)
		defer client.Close()
		_, err := client.Put(context.Background(), "warm", "up")
		must(err)
		clients = append(clients, client)
	}
	latencies := make([][]float64, callers)
	value := strings.Repeat("v", 64)
	var all sync.WaitGroup
	begin := time.Now()
	end := begin.Add(length)
	for i := range latencies {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			random := rand.New(rand.NewSource(int64(i)))
			client := clients[i%len(clients)]
			for last := time.Now(); last.Before(end); {
				key := fmt.Sprintf("key:%012d", random.Intn(100000))
				var err error
				if test == "put" {
					_, err = client.Put(context.Background(), key, value)
				} else {
					_, err = client.Get(context.Background(), key)
				}
				must(err)
				now := time.Now()
				latencies[i] = append(latencies[i], now.Sub(last).Seconds()*1e3)
				last = now
			}
		}(i)
	}
	all.Wait()
	took := time.Since(begin).Seconds()
	var sorted []float64
	for _, some := range latencies {
		sorted = append(sorted, some...)
	}
	sort.Float64s(sorted)
	fmt.Printf("%.0f %.3f %.3f\n", float64(len(sorted))/took, sorted[len(sorted)/2], sorted[len(sorted)*99/100])
}

func main() {
	endpoints := flag.String("endpoints", "", "where etcd listens, separated by commas")
	test := flag.String("test", "", "put or get")
	callers := flag.Int("callers", 64, "how many wait at a time")
	connections := flag.Int("connections", 8, "gRPC connections")
	length := flag.Duration("length", 3*time.Second, "how long")
	flag.Parse()
	if *test == "" {
		fmt.Println(leader(strings.Split(*endpoints, ",")))
		return
	}
	measure(*endpoints, *test, *callers, *connections, *length)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
