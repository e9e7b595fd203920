package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// ForgetOptions says what to forget: Store or Before, not both.
type ForgetOptions struct {
	Store  string // every listing, finding and decision of this store
	Before string // YYYY-MM-DD: findings closed, listings gone and decisions ended before this day
	AsOf   string // YYYY-MM-DD, date of the deletion
}

// Forget deletes from ledger and index, and rewrites both files so that nothing
// deleted stays on the disk. The records of scans (dates, names of stores and
// files, counts) stay, because the chain hangs on them; the deletion gets a record of its own. It is refused while a
// scan is under way, and nothing else may use the Catalog meanwhile.
func (c *Catalog) Forget(ctx context.Context, opt ForgetOptions) (Forgot, error) {
	f, err := c.forget(ctx, opt)
	if err != nil {
		return f, fmt.Errorf("forget: %w", err)
	}
	return f, nil
}

func (c *Catalog) forget(ctx context.Context, opt ForgetOptions) (Forgot, error) {
	gone := Forgot{Store: plainKey(opt.Store), Before: opt.Before}
	if (opt.Store == "") == (opt.Before == "") {
		return gone, errors.New("name either a store or a date")
	}
	for _, day := range []string{opt.AsOf, opt.Before} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil || opt.AsOf == "" {
			return gone, fmt.Errorf("date %q is not YYYY-MM-DD", day)
		}
	}
	c.mu.Lock()
	busy := c.writing
	c.mu.Unlock()
	if busy {
		return gone, errors.New("a scan is under way")
	}
	if err := c.Index(ctx, nil); err != nil { // logs hold texts too
		return gone, err
	}
	records, err := c.records()
	if err != nil {
		return gone, err
	}
	for _, r := range records {
		if opt.Before == "" || r.AsOf >= opt.Before {
			break
		}
		gone.UpTo = r.ID
	}
	err = c.update(func(tx *bbolt.Tx) error { return gone.delete(tx, opt.AsOf, records) })
	if err != nil {
		return gone, err
	}
	return gone, c.completeForget(ctx)
}

// forgettingKey in the ledger's meta holds the Forgot of a deletion whose texts
// may still be on the disk.
var forgettingKey = []byte("forgetting")

// forgetting returns the deletion that was begun and is not complete, nil for none.
func (c *Catalog) forgetting() (f *Forgot, err error) {
	err = c.view(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(metaBucket).Get(forgettingKey); b != nil {
			f = &Forgot{}
			return json.Unmarshal(b, f)
		}
		return nil
	})
	return f, err
}

// CompleteForget completes a deletion that was cut short, as Index does too, and
// returns it; nil when there is none.
func (c *Catalog) CompleteForget(ctx context.Context) (*Forgot, error) {
	f, err := c.forgetting()
	if err != nil || f == nil {
		return nil, err
	}
	return f, c.Index(ctx, nil)
}

// completeForget takes the texts of a deletion off the disk. Each step can be
// repeated; the last one ends the deletion.
func (c *Catalog) completeForget(ctx context.Context) error {
	for _, step := range c.forgetSteps(ctx) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalog) forgetSteps(ctx context.Context) []func() error {
	return []func() error{
		func() error { return c.room(nil) },
		func() error { return c.unindex(nil) },
		func() error { return c.purge(ctx) },
		c.pruneWords,
		c.compact,
	}
}

// delete takes everything out in one transaction and records that.
func (f *Forgot) delete(tx *bbolt.Tx, asOf string, before []Record) error {
	listings, err := deleteIf(tx.Bucket(listingsBucket), f.prefix(), func(_, v []byte) bool {
		r, ok := decodeHead(v)
		return f.Store != "" || ok && r.gone && int(r.scan) <= f.UpTo
	})
	if err != nil {
		return err
	}
	findings, err := deleteIf(tx.Bucket(findingsBucket), f.prefix(), func(_, v []byte) bool {
		var m mention
		return f.Store != "" || json.Unmarshal(v, &m) == nil && len(m.Events) > 0 && m.now() <= fixed && m.Events[len(m.Events)-1].Scan <= f.UpTo
	})
	if err != nil {
		return err
	}
	_, err = deleteIf(tx.Bucket(decisionsBucket), nil, func(_, v []byte) bool {
		var d Decision
		return json.Unmarshal(v, &d) == nil && (f.Store != "" && d.Store == f.Store || f.Store == "" && d.Until < f.Before)
	})
	if err != nil {
		return err
	}
	for _, key := range listings {
		if err := tx.Bucket(unindexBucket).Put(key, nil); err != nil {
			return err
		}
	}
	f.Listings, f.Findings = len(listings), len(findings)
	n := 1
	if len(before) > 0 {
		n = before[len(before)-1].ID + 1
	}
	if err := putJSON(tx.Bucket(metaBucket), forgettingKey, f); err != nil {
		return err
	}
	return appendRecord(tx, Record{ID: n, AsOf: asOf, Forgot: f}, before)
}

func (f *Forgot) prefix() []byte {
	if f.Store == "" {
		return nil
	}
	return []byte(f.Store + "\x00")
}

// deleteIf deletes the pairs under prefix that drop picks, and returns their keys.
func deleteIf(b *bbolt.Bucket, prefix []byte, drop func(k, v []byte) bool) ([][]byte, error) {
	var keys [][]byte
	cur := b.Cursor()
	for k, v := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		if drop(k, v) {
			keys = append(keys, bytes.Clone(k))
		}
	}
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// forceMerge rewrites the index's segments without the deleted documents.
func forceMerge(ctx context.Context, index bleve.Index) error {
	inner, err := index.Advanced()
	if err != nil {
		return err
	}
	merger, ok := inner.(interface {
		ForceMerge(context.Context, *mergeplan.MergePlanOptions) error
	})
	if !ok {
		return nil
	}
	return merger.ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions)
}

// purge rewrites the index until no file holds a deleted document. Bleve merges
// and deletes in the background and in its own time; an index just opened is at
// rest, and what its segments do not need can be deleted at once.
func (c *Catalog) purge(ctx context.Context) error {
	for try := range 20 {
		if err := errors.Join(ctx.Err(), c.reopenIndex()); err != nil {
			return err
		}
		live, clean, err := segments(c.index)
		if err != nil {
			return err
		}
		if clean {
			return c.deleteSegments(live)
		}
		if err := errors.Join(c.rewriteOne(), forceMerge(ctx, c.index)); err != nil {
			return err
		}
		time.Sleep(time.Duration(try+1) * 20 * time.Millisecond) // the merge is on record after a moment
	}
	return errors.New("the index keeps deleted texts; run it again")
}

// rewriteOne writes one document anew: Bleve merges no segment that is alone, so
// there must be a second. An index without documents is begun anew.
func (c *Catalog) rewriteOne() error {
	ids, err := allIDs(c.index)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		if err := c.index.Close(); err != nil {
			return err
		}
		return c.newIndex()
	}
	d, err := c.document(ids[0])
	if err != nil {
		return err
	}
	return c.index.Index(ids[0], d.fields())
}

// document makes the document of a listing anew from index and ledger.
func (c *Catalog) document(key string) (d document, err error) {
	l, err := c.listing(key)
	if err != nil {
		return d, err
	}
	res := scanner.Result{Listing: l}
	err = c.view(func(tx *bbolt.Tx) error {
		r, err := decodeRecord(tx.Bucket(listingsBucket).Get([]byte(key)))
		if err == nil {
			res.Findings, err = decodeFindings(r.findings)
		}
		return err
	})
	res.Settle()
	return newDocument(&res), err
}

// reopenIndex closes the index, which ends all its background work, and opens it.
func (c *Catalog) reopenIndex() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.index.Close(); err != nil {
		return err
	}
	var err error
	c.index, err = openStamped(c.path(indexDir), c.epoch, map[string]any{"bolt_timeout": "2s"})
	return err
}

// deleteSegments deletes the files of the segments that are not live.
func (c *Catalog) deleteSegments(live map[string]bool) error {
	files, err := filepath.Glob(c.path(indexDir, "store", "*.zap"))
	for _, f := range files {
		if !live[filepath.Base(f)] {
			if gone := os.Remove(f); !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}
	return err
}

// segments gives the names of the files of the segments the index is made of;
// clean tells that none of them holds a deleted document.
func segments(index bleve.Index) (live map[string]bool, clean bool, err error) {
	inner, err := index.Advanced()
	if err != nil {
		return nil, false, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, false, err
	}
	defer reader.Close()
	live, clean = map[string]bool{}, true
	if s, ok := reader.(*scorch.IndexSnapshot); ok {
		for _, segment := range s.Segments() {
			live[fmt.Sprintf("%012x.zap", segment.Id())] = true
			clean = clean && (segment.Deleted() == nil || segment.Deleted().IsEmpty())
		}
	}
	return live, clean, nil
}

// compact rewrites the ledger without its free pages and without the mark of a
// deletion under way.
func (c *Catalog) compact() error {
	fresh := c.path(ledgerFile + ".new")
	os.Remove(fresh) // of an earlier attempt
	dst, err := bbolt.Open(fresh, 0o600, nil)
	if err != nil {
		return err
	}
	err = guarded(func() error { return bbolt.Compact(dst, c.db, 1<<24) })
	if err == nil {
		err = dst.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(forgettingKey) })
	}
	if err = errors.Join(err, dst.Close()); err != nil {
		os.Remove(fresh)
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.db.Close(); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.path(ledgerFile)); err != nil {
		return err
	}
	return c.openLedger(c.path(ledgerFile), ledgerOptions)
}
