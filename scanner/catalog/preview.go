package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// PreviewOptions says what of a preview is wanted. The zero value counts every
// rule of the scanner and gives ten samples.
type PreviewOptions struct {
	Counts  func(rule string) bool // which rules count; nil: all
	Samples int                    // 0 means 10, below 0 none
}

// Preview is what a scanner would raise over the catalogue as it stands.
type Preview struct {
	Listings   int  // in the catalogue
	Screened   int  // of these, that hold a word in which a finding may begin
	All        bool // all were screened: the rules do not tell their words
	Flagged    int  // with a finding at low or above
	Findings   int  // at low or above
	New        int  // of these, not open in the ledger
	Red        int  // listings that would be high or critical
	TurnRed    int  // of these, not high or critical now
	Levels     map[scanner.Level]int
	Rules      []FacetValue // findings by rule, then listings by category and store, most first
	Categories []FacetValue
	Stores     []FacetValue
	Samples    []PreviewSample // worst first
}

// PreviewSample is one listing that would be raised.
type PreviewSample struct {
	Listing scanner.Listing
	Finding scanner.Finding // its worst
	Level   scanner.Level
}

// Preview screens what the index holds with s, on as many goroutines as index,
// and counts what s would raise. Listings without a word in which a finding of s
// could begin are told from the index's words and are not read (candidates.go);
// the counts are those of a scan of all listings. Errors: ctx's, or an index that
// cannot be read.
func (c *Catalog) Preview(ctx context.Context, s *scanner.Scanner, opt PreviewOptions) (*Preview, error) {
	if opt.Samples == 0 {
		opt.Samples = 10
	}
	p, err := c.preview(ctx, s, opt)
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return p, nil
}

func (c *Catalog) preview(ctx context.Context, s *scanner.Scanner, opt PreviewOptions) (*Preview, error) {
	idx, err := c.searchIndex()
	if err != nil {
		return nil, err
	}
	snapshot, err := snapshotOf(idx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	var some candidates
	var told bool
	err = guarded(func() error {
		some, told, err = c.candidates(s, snapshot)
		return err
	})
	if err != nil {
		return nil, err
	}
	total := newPreviewer(c, opt)
	var mu sync.Mutex
	err = c.eachStored(ctx, snapshot, some, func() (visit func(StoredListing) error, done func()) {
		p, screen := newPreviewer(c, opt), s.Screener()
		visit = func(l StoredListing) error { return p.add(l, screen(l.Listing)) }
		return visit, func() {
			mu.Lock()
			defer mu.Unlock()
			total.merge(p)
		}
	})
	if err != nil {
		return nil, err
	}
	n, err := snapshot.DocCount()
	total.out.Listings, total.out.All = int(n), !told
	return total.finish(), err
}

// StoredListing is a listing as the index keeps it: what was exported, and what
// the last scan made of it, before excuses.
type StoredListing struct {
	Listing scanner.Listing
	Level   scanner.Level

	key string
}

// EachListing calls visit for every listing the index holds, from one
// goroutine, in no particular order. An error of visit ends it.
func (c *Catalog) EachListing(ctx context.Context, visit func(StoredListing) error) error {
	var mu sync.Mutex
	one := func(l StoredListing) error {
		mu.Lock()
		defer mu.Unlock()
		return visit(l)
	}
	idx, err := c.searchIndex()
	if err == nil {
		var snapshot *scorch.IndexSnapshot
		if snapshot, err = snapshotOf(idx); err == nil {
			defer snapshot.Close()
			err = c.eachStored(ctx, snapshot, nil, func() (func(StoredListing) error, func()) { return one, func() {} })
		}
	}
	if err != nil {
		return fmt.Errorf("read the listings: %w", err)
	}
	return nil
}

// docRun is a run of documents of one segment.
type docRun struct {
	segment  *scorch.SegmentSnapshot
	from, to uint64
	only     *roaring.Bitmap // nil: all that are not deleted
}

// runSize is how many documents a worker takes at a time.
const runSize = 512

// eachStored shares the index's documents, or the candidates among them where
// there are any, out to the workers. Each worker gets its visitor from open and
// calls done at the end.
func (c *Catalog) eachStored(ctx context.Context, snapshot *scorch.IndexSnapshot, some candidates, open func() (visit func(StoredListing) error, done func())) error {
	list := docRuns(snapshot, some)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range c.workers() {
		workers.Go(func() {
			visit, done := open()
			for i := next.Add(1) - 1; int(i) < len(list) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := guarded(func() error { return list[i].read(visit) }); err != nil {
					cancel(err)
				}
			}
			done()
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

func docRuns(snapshot *scorch.IndexSnapshot, some candidates) []docRun {
	var out []docRun
	for _, s := range snapshot.Segments() {
		n := uint64(s.FullSize())
		for from := uint64(0); from < n; from += runSize {
			out = append(out, docRun{s, from, min(from+runSize, n), some[s]})
		}
	}
	return out
}

// read hands every document of the run that is not deleted to visit.
func (r *docRun) read(visit func(StoredListing) error) error {
	docs := live(r.segment, r.from, r.to)
	if r.only != nil {
		docs.And(r.only)
	}
	for it := docs.Iterator(); it.HasNext(); {
		l, err := readStored(r.segment, uint64(it.Next()))
		if err == nil {
			err = visit(l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readStored(s *scorch.SegmentSnapshot, doc uint64) (l StoredListing, err error) {
	var stored string
	err = s.VisitDocument(doc, func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case "_id":
			l.key = string(value)
		case storedField:
			stored = string(value)
		case "level":
			l.Level, _ = scanner.ParseLevel(string(value))
		}
		return true
	})
	if err == nil {
		l.Listing, err = decodeListing(l.key, stored)
	}
	return l, err
}

// previewer counts what one worker finds.
type previewer struct {
	c                         *Catalog
	opt                       PreviewOptions
	out                       Preview
	rules, categories, stores map[string]int
}

func newPreviewer(c *Catalog, opt PreviewOptions) *previewer {
	return &previewer{c: c, opt: opt, out: Preview{Levels: map[scanner.Level]int{}}, rules: map[string]int{}, categories: map[string]int{}, stores: map[string]int{}}
}

// add counts one screened listing.
func (p *previewer) add(l StoredListing, r scanner.Result) error {
	p.out.Screened++
	kept := r.Findings[:0:0]
	for _, f := range r.Findings {
		if f.Level >= scanner.Low && (p.opt.Counts == nil || p.opt.Counts(f.Rule)) {
			kept = append(kept, f)
			p.rules[f.Rule]++
		}
	}
	if len(kept) == 0 {
		return nil
	}
	fresh, err := p.c.fresh(l.key, kept)
	if err != nil {
		return err
	}
	r.Findings = kept
	r.Settle()
	p.out.Flagged++
	p.out.Findings += len(kept)
	p.out.New += fresh
	p.out.Levels[r.Level]++
	p.categories[r.Listing.Category]++
	p.stores[r.Listing.Store]++
	if r.Level >= scanner.High {
		p.out.Red++
		if l.Level < scanner.High {
			p.out.TurnRed++
		}
	}
	if p.opt.Samples > 0 {
		p.sample(&r)
	}
	return nil
}

// fresh counts the findings that are not open in the ledger.
func (c *Catalog) fresh(key string, findings []scanner.Finding) (n int, err error) {
	err = c.view(func(tx *bbolt.Tx) error {
		open := map[string]bool{}
		err := mentions(tx, key+"\x00", func(k string, m *mention) error {
			open[k[len(key)+1:]] = m.now() > fixed
			return nil
		})
		for i := range findings {
			if !open[findings[i].Fingerprint] {
				n++
			}
		}
		return err
	})
	return n, err
}

// sample keeps the worst listings: by level and risk, then store and id.
func (p *previewer) sample(r *scanner.Result) {
	s := PreviewSample{Listing: r.Listing, Level: r.Level, Finding: r.Findings[0]}
	for _, f := range r.Findings[1:] {
		if worse(&f, &s.Finding) < 0 {
			s.Finding = f
		}
	}
	at, _ := slices.BinarySearchFunc(p.out.Samples, s, bySample)
	if at < p.opt.Samples {
		p.out.Samples = slices.Insert(p.out.Samples, at, s)
		p.out.Samples = p.out.Samples[:min(len(p.out.Samples), p.opt.Samples)]
	}
}

func worse(a, b *scanner.Finding) int {
	return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(max(b.Rights, b.Platform.Points), max(a.Rights, a.Platform.Points)))
}

func bySample(a, b PreviewSample) int {
	return cmp.Or(worse(&a.Finding, &b.Finding), strings.Compare(a.Listing.Store, b.Listing.Store), strings.Compare(a.Listing.ID, b.Listing.ID))
}

// merge adds another worker's counts.
func (p *previewer) merge(q *previewer) {
	a, b := &p.out, &q.out
	a.Screened, a.Flagged, a.Findings, a.New = a.Screened+b.Screened, a.Flagged+b.Flagged, a.Findings+b.Findings, a.New+b.New
	a.Red, a.TurnRed = a.Red+b.Red, a.TurnRed+b.TurnRed
	for l, n := range b.Levels {
		a.Levels[l] += n
	}
	for _, pair := range [][2]map[string]int{{p.rules, q.rules}, {p.categories, q.categories}, {p.stores, q.stores}} {
		for k, n := range pair[1] {
			pair[0][k] += n
		}
	}
	a.Samples = append(a.Samples, b.Samples...)
	slices.SortFunc(a.Samples, bySample)
	a.Samples = a.Samples[:min(len(a.Samples), max(0, p.opt.Samples))]
}

func (p *previewer) finish() *Preview {
	p.out.Rules, p.out.Categories, p.out.Stores = mostFirst(p.rules), mostFirst(p.categories), mostFirst(p.stores)
	return &p.out
}

func mostFirst(counts map[string]int) []FacetValue {
	out := make([]FacetValue, 0, len(counts))
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, FacetValue{k, counts[k]})
	}
	slices.SortStableFunc(out, func(a, b FacetValue) int { return cmp.Compare(b.Count, a.Count) })
	return out
}
