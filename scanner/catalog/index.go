package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/mapping"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// indexFormat names how documents become terms. An index made another way is
// thrown away and made again from the ledger's next scans.
const indexFormat = "3"

// newMapping is static and minimal: only the fields that search uses, stored
// only where a hit shows them, doc values only where facets count them.
func newMapping() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	err := m.AddCustomAnalyzer(analyzerName, map[string]any{"type": custom.Name, "tokenizer": tokenizerName})
	if err != nil {
		return nil, err
	}
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range textFields {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.IncludeInAll, f.Store, f.DocValues = analyzerName, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	stored := bleve.NewTextFieldMapping()
	stored.Index, stored.IncludeInAll, stored.IncludeTermVectors, stored.DocValues = false, false, false, false
	doc.AddFieldMappingsAt(storedField, stored)
	doc.AddSubDocumentMapping("_all", bleve.NewDocumentDisabledMapping())
	for name, k := range keywordFields {
		f := bleve.NewKeywordFieldMapping()
		f.IncludeInAll, f.IncludeTermVectors, f.SkipFreqNorm = false, false, true
		f.Store, f.DocValues = k.shown, k.facet
		doc.AddFieldMappingsAt(name, f)
	}
	m.DefaultMapping = doc
	return m, nil
}

// keywordField says what a keyword field is for besides being searched.
type keywordField struct{ shown, facet bool }

var keywordFields = map[string]keywordField{
	"id": {}, "store": {facet: true}, "supplier": {facet: true}, "category": {},
	"marketplace": {facet: true}, "level": {shown: true, facet: true}, "marks": {shown: true, facet: true},
	"kinds": {}, "rules": {},
}

// stretchesBucket holds, beside the index, words as written -> nothing, see
// stretches.go.
var stretchesBucket = []byte("stretches")

// The index carries a stamp, its format and its generation (epoch). The ledger
// knows the generation in force; a listing recorded under another one is not in
// the index and is written again when it is next scanned.
var (
	stampKey   = []byte("prescreen")
	epochKey   = []byte("epoch")
	indexedKey = []byte("indexed") // in the index and in the ledger, see indexer.log
)

func stamp(epoch uint32) string { return indexFormat + " " + strconv.Itoa(int(epoch)) }

// openIndex opens the index for writing. One that is missing, damaged or of
// another format or generation is begun anew.
func (c *Catalog) openIndex() error {
	err := c.view(func(tx *bbolt.Tx) error {
		n, _ := strconv.ParseUint(string(tx.Bucket(metaBucket).Get(epochKey)), 10, 32)
		c.epoch = uint32(n)
		return nil
	})
	if err != nil {
		return err
	}
	var why error
	if c.epoch > 0 {
		c.index, why = openStamped(c.path(indexDir), c.epoch, map[string]any{"bolt_timeout": "2s"})
		if why == nil {
			return nil
		}
		c.note("catalog.index-anew", "why", why)
	}
	return c.newIndex()
}

// openStamped opens an existing index and checks its stamp.
func openStamped(dir string, epoch uint32, config map[string]any) (index bleve.Index, err error) {
	err = guarded(func() error {
		index, err = bleve.OpenUsing(dir, config)
		return err
	})
	if err != nil {
		return nil, err
	}
	got, err := index.GetInternal(stampKey)
	if err == nil && string(got) != stamp(epoch) {
		err = errors.New("it was made by another version or belongs to another ledger")
	}
	if err != nil {
		index.Close()
		return nil, err
	}
	return index, nil
}

func (c *Catalog) newIndex() error {
	c.epoch++
	err := c.update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{spellingsBucket, stretchesBucket} {
			if err := tx.DeleteBucket(name); err != nil && !errors.Is(err, berrors.ErrBucketNotFound) {
				return err
			}
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return tx.Bucket(metaBucket).Put(epochKey, []byte(strconv.Itoa(int(c.epoch))))
	})
	if err != nil {
		return err
	}
	if err := os.RemoveAll(c.path(indexDir)); err != nil {
		return err
	}
	m, err := newMapping()
	if err != nil {
		return err
	}
	if c.index, err = bleve.New(c.path(indexDir), m); err != nil {
		return fmt.Errorf("make the index: %w", err)
	}
	return c.index.SetInternal(stampKey, []byte(stamp(c.epoch)))
}

// batchSize is how many documents go into the index at once: the fastest of 100,
// 1000 and 5000, and memory grows with it.
const batchSize = 1000

// Index brings the index up to the ledger: it adds what committed scans hold
// and takes out what is gone. progress, when not nil, is told how many listings
// are done of how many, from one goroutine. Cancelling ctx stops between
// batches with ctx's error; the next Index, here or in a later process, goes on.
func (c *Catalog) Index(ctx context.Context, progress func(done, total int)) error {
	if c.opt.ReadOnly {
		return errors.New("index: the catalogue is open for reading only")
	}
	logs, err := c.pending(sealedExt)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if len(logs) > 0 {
		if err := c.room(logs); err != nil {
			return fmt.Errorf("index scan %d: %w", logs[0], err)
		}
	}
	x := &indexer{c: c, progress: progress}
	if err := x.count(logs); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	for _, n := range logs {
		if err := x.log(ctx, n); err != nil {
			return fmt.Errorf("index scan %d: %w", n, err)
		}
	}
	if err := c.unindex(logs); err != nil {
		return fmt.Errorf("index: take out what is gone: %w", err)
	}
	c.mu.Lock()
	busy := c.writing
	c.mu.Unlock()
	if cut, err := c.forgetting(); err != nil || cut == nil || busy { // the scan's own Index will
		return err
	}
	if err := c.completeForget(ctx); err != nil {
		return fmt.Errorf("index: complete a deletion: %w", err)
	}
	return nil
}

// indexer copies logs into the index.
type indexer struct {
	c        *Catalog
	progress func(done, total int)
	mu       sync.Mutex
	done     int
	total    int
}

// count adds up what the scans' records say was changed.
func (x *indexer) count(logs []int) error {
	records, err := x.c.records()
	for _, r := range records {
		for _, n := range logs {
			if r.ID == n {
				x.total += r.Changed
			}
		}
	}
	return err
}

// log copies one log: this goroutine reads it and makes the batches, the workers
// write them. At most two batches per worker are in memory.
//
// Index and ledger note how far they are: the index has documents of scan n or
// before, the ledger has all words of scan n and before. A reader that finds the
// index ahead knows that it lacks words (stretches).
func (x *indexer) log(ctx context.Context, n int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := x.c.index.SetInternal(indexedKey, []byte(strconv.Itoa(n))); err != nil {
		return err
	}
	batches := make(chan *bleve.Batch)
	var workers sync.WaitGroup
	for range x.c.workers() {
		workers.Go(func() {
			x.work(batches, cancel)
		})
	}
	words := newSpeller()
	err := x.read(ctx, n, words, batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if err != nil {
		return err
	}
	if err := words.store(x.c); err != nil {
		return err
	}
	return x.c.update(func(tx *bbolt.Tx) error {
		return tx.Bucket(metaBucket).Put(indexedKey, []byte(strconv.Itoa(n)))
	})
}

// read sends the log's documents in batches until ctx ends, and collects their
// words.
func (x *indexer) read(ctx context.Context, n int, words *speller, batches chan<- *bleve.Batch) error {
	batch := x.c.index.NewBatch()
	send := func() error {
		if err := x.c.spare(spareRoom); err != nil { // others write to the disk too
			return err
		}
		if words.full() {
			if err := words.store(x.c); err != nil {
				return err
			}
		}
		select {
		case batches <- batch:
			batch = x.c.index.NewBatch()
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, err := readLog(x.c.logPath(n, sealedExt), func(ScanInfo) error { return ctx.Err() }, func(e *entry) error {
		if e.Same {
			return nil
		}
		fields := e.Doc.fields()
		for _, name := range textFields {
			for _, text := range fields[name] {
				words.read(text)
			}
		}
		if err := batch.Index(e.Key, fields); err != nil {
			return err
		}
		if batch.Size() < batchSize {
			return nil
		}
		return send()
	})
	if err == nil && batch.Size() > 0 {
		err = send()
	}
	return err
}

// work writes batches until there are no more. After an error, which it tells
// at once, it only takes them, so that nobody waits.
func (x *indexer) work(batches <-chan *bleve.Batch, fail func(error)) {
	var err error
	for batch := range batches {
		if err != nil {
			continue
		}
		n := batch.Size()
		if err = x.c.index.Batch(batch); err != nil {
			fail(err)
			continue
		}
		x.wrote(n)
	}
}

func (x *indexer) wrote(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done += n
	if x.progress != nil {
		x.progress(x.done, max(x.total, x.done))
	}
}

// workers is two where there are two processors: faster than one by a third,
// while more only wait for the disk.
func (c *Catalog) workers() int {
	if c.opt.Workers > 0 {
		return c.opt.Workers
	}
	return min(2, runtime.GOMAXPROCS(0))
}

// unindex takes the listings that are gone out of the index, then removes the
// logs that were copied into it. The list of what is gone is kept until no log is
// left: a log read again after a crash would bring back what it lists.
func (c *Catalog) unindex(logs []int) error {
	keys, err := c.goneKeys()
	if err != nil {
		return err
	}
	for at := 0; at < len(keys); at += batchSize {
		batch := c.index.NewBatch()
		for _, key := range keys[at:min(at+batchSize, len(keys))] {
			batch.Delete(key)
		}
		if err := c.index.Batch(batch); err != nil {
			return err
		}
	}
	for _, n := range logs {
		if err := os.Remove(c.logPath(n, sealedExt)); err != nil {
			return err
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return c.update(func(tx *bbolt.Tx) error {
		for _, key := range keys {
			if err := tx.Bucket(unindexBucket).Delete([]byte(key)); err != nil {
				return err
			}
		}
		return nil
	})
}

// goneKeys lists the listings that are to be taken out of the index.
func (c *Catalog) goneKeys() (keys []string, err error) {
	err = c.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(unindexBucket).ForEach(func(k, _ []byte) error {
			keys = append(keys, string(k))
			return nil
		})
	})
	return keys, err
}

// allIDs returns the listing keys of all documents in the index.
func allIDs(index bleve.Index) ([]string, error) {
	inner, err := index.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	ids, err := reader.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	var out []string
	for {
		internal, err := ids.Next()
		if err != nil || internal == nil {
			return out, err
		}
		id, err := reader.ExternalID(internal)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
}
