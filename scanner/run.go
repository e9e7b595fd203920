package scanner

import (
	"context"
	"iter"
	"sync"
)

// batchSize is how many listings a worker takes at a time: large enough that
// handing over costs nothing beside screening, small enough to keep order cheap.
const batchSize = 64

// Item is one step of a run: a screened listing, or what could not be read.
type Item struct {
	Result Result
	Err    error // what the reader yielded instead of a listing, e.g. *Unread
}

// batch is a numbered slice of input and, once done is closed, its output.
type batch struct {
	in   []Item
	done chan struct{}
}

// Recall answers for a listing that an earlier run screened under the same
// rules and options: its findings, as Screen would give them. It is called
// from several goroutines.
type Recall func(*Listing) ([]Finding, bool)

// Run screens the listings of in with the given number of workers (at least
// one) and yields an Item for each, in input order whatever the number of
// workers. Reading, screening and what the caller does with an Item overlap;
// at most a few batches per worker are in memory. It stops early when the
// caller stops or ctx ends. recall may be nil.
func (s *Scanner) Run(ctx context.Context, in iter.Seq2[Listing, error], workers int, recall Recall) iter.Seq[Item] {
	workers = max(1, workers)
	return func(yield func(Item) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		work := make(chan *batch, workers)
		order := make(chan *batch, 2*workers)
		wg.Go(func() { feed(ctx, in, work, order) })
		for range workers {
			wg.Go(func() { s.work(ctx, work, recall) })
		}
		for b := range order {
			select {
			case <-b.done:
			case <-ctx.Done():
				return
			}
			for _, it := range b.in {
				if !yield(it) {
					return
				}
			}
		}
	}
}

// feed cuts the input into batches, handing each to the workers and, in order,
// to the collector.
func feed(ctx context.Context, in iter.Seq2[Listing, error], work, order chan<- *batch) {
	defer close(order)
	defer close(work)
	b := newBatch()
	send := func() bool {
		for _, ch := range []chan<- *batch{order, work} {
			select {
			case ch <- b:
			case <-ctx.Done():
				return false
			}
		}
		b = newBatch()
		return true
	}
	for l, err := range in {
		b.in = append(b.in, Item{Result: Result{Listing: l}, Err: err})
		if len(b.in) == batchSize && !send() {
			return
		}
	}
	if len(b.in) > 0 {
		send()
	}
}

func newBatch() *batch { return &batch{in: make([]Item, 0, batchSize), done: make(chan struct{})} }

func (s *Scanner) work(ctx context.Context, work <-chan *batch, recall Recall) {
	w := s.newScreener()
	for b := range work {
		for i := range b.in {
			if b.in[i].Err == nil && ctx.Err() == nil {
				w.screenOrRecall(&b.in[i].Result, recall)
			}
		}
		close(b.done)
	}
}

// screenOrRecall completes a Result that holds only its listing.
func (w *screener) screenOrRecall(r *Result, recall Recall) {
	if recall != nil {
		if findings, ok := recall(&r.Listing); ok {
			r.Findings = findings
			r.Settle()
			return
		}
	}
	w.screenInto(r)
}
