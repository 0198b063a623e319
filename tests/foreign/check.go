// Checks a static log, and footprint proofs against it, with none of this project's code: Debian's Go and the package
// golang-golang-x-mod-dev (golang.org/x/mod/sumdb/note and tlog) do the work.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tests/foreign/check.go DIR VERIFIER-KEY [FILE.pcfproof …]
//
// DIR is what `pcf log export` wrote. The verifier key comes from the publisher by another way. Exit code 0: everything holds.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const sealBytes = 184

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "does not hold:", err)
		os.Exit(1)
	}
}

func holds(ok bool, format string, args ...interface{}) {
	if !ok {
		must(fmt.Errorf(format, args...))
	}
}

// files reads tiles of the C2SP layout for the tlog package, whose own paths name the height too.
type files struct{ dir string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(f.dir, "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

// opened is a checkpoint whose signature holds.
func opened(text []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	signed, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(signed.Text, "\n")
	holds(len(lines) >= 4 && lines[0] == verifier.Name(), "the checkpoint is of the log %q", lines[0])
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	holds(len(root) == 32, "the root has %d bytes", len(root))
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

// entries reads every seal of the log from its entry tiles.
func entries(dir string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: 8, L: 0, N: n, W: 256}
		if rest := size - n*256; rest < 256 {
			tile.W = int(rest)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(dir, path))
		must(err)
		for count := 0; count < tile.W; count++ {
			holds(len(data) >= 2+sealBytes && binary.BigEndian.Uint16(data) == sealBytes, "%s: an entry is no seal", path)
			all = append(all, data[2:2+sealBytes])
			data = data[2+sealBytes:]
		}
		holds(len(data) == 0, "%s has bytes behind its entries", path)
	}
	return all
}

// checkSeal checks the signature of a seal and that it is of this ledger.
func checkSeal(index int, seal, ledger []byte) {
	holds(bytes.Equal(seal[:8], []byte("PCFSEAL1")), "seal %d begins otherwise", index)
	holds(bytes.Equal(seal[8:40], ledger), "seal %d is of another ledger", index)
	holds(ed25519.Verify(ed25519.PublicKey(seal[40:72]), seal[:120], seal[120:]), "the signature of seal %d", index)
}

type proof struct {
	Checkpoint  string
	Publication string
	Seals       []struct {
		Index, Seal string
		Path        []string
	}
	Statements []struct {
		Ordinal, Seal, Header string
		Path                  []string
	}
}

func hashes(texts []string) []tlog.Hash {
	var all []tlog.Hash
	for _, text := range texts {
		data, err := hex.DecodeString(text)
		must(err)
		var hash tlog.Hash
		copy(hash[:], data)
		all = append(all, hash)
	}
	return all
}

// checkProof climbs from each statement to its seal and from the seal to the checkpoint of the proof.
func checkProof(path, vkey string, log [][]byte, ledger []byte) {
	data, err := os.ReadFile(path)
	must(err)
	var p proof
	must(json.Unmarshal(data, &p))
	tree := opened([]byte(p.Checkpoint), vkey)
	seals := map[string][]byte{}
	for _, held := range p.Seals {
		seal, err := base64.StdEncoding.DecodeString(held.Seal)
		must(err)
		index, err := strconv.ParseInt(held.Index, 10, 64)
		must(err)
		holds(len(seal) == sealBytes, "seal %d has %d bytes", index, len(seal))
		must(tlog.CheckRecord(tlog.RecordProof(hashes(held.Path)), tree.N, tree.Hash, index, tlog.RecordHash(seal)))
		holds(index < int64(len(log)) && bytes.Equal(log[index], seal), "seal %d is not the one of the exported log", index)
		checkSeal(int(index), seal, ledger)
		seals[held.Index] = seal
	}
	found := false
	for _, held := range p.Statements {
		seal, known := seals[held.Seal]
		holds(known, "a statement names the seal %s", held.Seal)
		ordinal, err := strconv.ParseInt(held.Ordinal, 10, 64)
		must(err)
		count := int64(binary.BigEndian.Uint64(seal[80:88]))
		var root tlog.Hash
		copy(root[:], seal[88:120])
		leaf := tlog.RecordHash([]byte(held.Header))
		must(tlog.CheckRecord(tlog.RecordProof(hashes(held.Path)), count, root, ordinal, leaf))
		found = found || hex.EncodeToString(leaf[:]) == p.Publication
	}
	holds(found, "the publication %s is not among the statements", p.Publication)
	fmt.Printf("%s: %d statements under %d seals, publication %s: in the log, signed\n", path, len(p.Statements), len(p.Seals), p.Publication)
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: check DIR VERIFIER-KEY [FILE.pcfproof …]")
		os.Exit(2)
	}
	dir, vkey := os.Args[1], os.Args[2]
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	tree := opened(text, vkey)
	reader := tlog.TileHashReader(tree, files{dir})
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	holds(root == tree.Hash, "the tiles have another root than the checkpoint")
	log := entries(dir, tree.N)
	ledger := log[0][8:40]
	for index, seal := range log {
		checkSeal(index, seal, ledger)
		path, err := tlog.ProveRecord(tree.N, int64(index), reader)
		must(err)
		must(tlog.CheckRecord(path, tree.N, tree.Hash, int64(index), tlog.RecordHash(seal)))
		older, err := tlog.TreeHash(int64(index)+1, reader)
		must(err)
		consistent, err := tlog.ProveTree(tree.N, int64(index)+1, reader)
		must(err)
		must(tlog.CheckTree(consistent, tree.N, tree.Hash, int64(index)+1, older))
	}
	fmt.Printf("%s: %d seals of the ledger %s, every one signed and in its place\n", dir, tree.N, hex.EncodeToString(ledger))
	for _, path := range os.Args[3:] {
		checkProof(path, vkey, log, ledger)
	}
}
