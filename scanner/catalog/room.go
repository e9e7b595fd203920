package catalog

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// spareRoom is what must be free on the disk beside what the index will take.
const spareRoom = 4 << 20

// room refuses to write to the index when the disk may not hold it: Bleve does
// not survive a disk that fills up while it merges. Indexing needs twice the
// logs, and merging once more what is in the index already.
func (c *Catalog) room(logs []int) error {
	need := int64(spareRoom)
	for _, n := range logs {
		info, err := os.Stat(c.logPath(n, sealedExt))
		if err != nil {
			return err
		}
		need += 2 * info.Size()
	}
	err := filepath.WalkDir(c.path(indexDir), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // a file that Bleve has just deleted
		}
		if info, err := d.Info(); err == nil {
			need += info.Size()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.spare(need)
}

// spare refuses when fewer than need bytes are free, if that can be told.
func (c *Catalog) spare(need int64) error {
	free, ok := freeBytes(c.dir)
	if !ok || free >= need {
		return nil
	}
	return fmt.Errorf("the index needs %d MB of room, the disk of %s has %d: %w", (need+1<<20-1)>>20, c.dir, free>>20, syscall.ENOSPC)
}
