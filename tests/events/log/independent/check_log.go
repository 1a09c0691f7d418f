// Checks a log in a folder with the Go project's own checksum database code,
// golang.org/x/mod/sumdb: its signature, every tile against the root, every
// entry against its leaf, inclusion proofs, and growth from an older size.
//
// Arguments: the folder, the log's verifier key, an older size, its root (base64).
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"independent/note"
	"independent/tlog"
)

func fail(why string, err error) {
	fmt.Println("REFUSED:", why, err)
	os.Exit(1)
}

type folder struct{ root string }

func (f folder) Height() int                                { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.root, name))
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}

func (f folder) entries(size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: 8, L: -1, N: n, W: int(min(256, size-n*256))}
		name := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(f.root, name))
		if err != nil {
			fail("missing bundle", err)
		}
		for len(data) >= 2 {
			length := int(data[0])<<8 | int(data[1])
			if len(data) < 2+length {
				fail("short bundle", nil)
			}
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
	}
	return all
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	dir := folder{os.Args[1]}
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		fail("key", err)
	}
	signed, err := os.ReadFile(filepath.Join(dir.root, "checkpoint"))
	if err != nil {
		fail("checkpoint", err)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		fail("signature", err)
	}
	lines := strings.Split(opened.Text, "\n")
	size, _ := strconv.ParseInt(lines[1], 10, 64)
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		fail("root", err)
	}
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, dir)
	all := dir.entries(size)
	if int64(len(all)) != size {
		fail("count of entries", nil)
	}
	indexes := make([]int64, size)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	leaves, err := reader.ReadHashes(indexes) // compares every tile with the root
	if err != nil {
		fail("tiles", err)
	}
	for i, entry := range all {
		if tlog.RecordHash(entry) != leaves[i] {
			fail(fmt.Sprint("entry ", i), nil)
		}
	}
	for i := int64(0); i < size; i += 97 {
		proof, err := tlog.ProveRecord(size, i, reader)
		if err != nil {
			fail("proving", err)
		}
		if err := tlog.CheckRecord(proof, size, root, i, leaves[i]); err != nil {
			fail("inclusion", err)
		}
	}
	old, _ := strconv.ParseInt(os.Args[3], 10, 64)
	oldRoot, err := tlog.ParseHash(os.Args[4])
	if err != nil {
		fail("old root", err)
	}
	proof, err := tlog.ProveTree(size, old, reader)
	if err != nil {
		fail("growth", err)
	}
	if err := tlog.CheckTree(proof, size, root, old, oldRoot); err != nil {
		fail("growth", err)
	}
	fmt.Println("ACCEPTED", size)
}
