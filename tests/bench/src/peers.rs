//! The other stores, each used as its own documentation advises for durable batches, with the same three ways to find
//! a statement: by its id, by product, by subject.

use std::fs::File;
use std::path::{Path, PathBuf};

use redb::TableDefinition;
use sha2::{Digest, Sha256};

use crate::Fail;
use crate::data::Row;

/// A store that takes one submission at a time; it is durable when `store` returns.
pub trait Peer {
    fn store(&mut self, batch: u64, seal: &[u8; 184], rows: &[Row], leaves: &[[u8; 32]]) -> Result<(), Fail>;
    fn finish(&mut self) -> Result<(), Fail>;
}

fn subject(row: &Row) -> [u8; 32] {
    Sha256::digest(row.subject.as_bytes()).into()
}

/// SQLite with a write-ahead log, `synchronous=FULL`, and three indices.
pub struct Sqlite(rusqlite::Connection);

impl Sqlite {
    pub fn create(dir: &Path) -> Result<Self, Fail> {
        std::fs::create_dir_all(dir)?;
        let db = rusqlite::Connection::open(dir.join("ledger.sqlite"))?;
        db.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
             CREATE TABLE seal(n INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
             CREATE TABLE statement(n INTEGER PRIMARY KEY, id BLOB NOT NULL, seal INTEGER NOT NULL,
                                    product TEXT NOT NULL, subject BLOB NOT NULL, bytes BLOB NOT NULL);
             CREATE UNIQUE INDEX by_id ON statement(id);
             CREATE INDEX by_product ON statement(product);
             CREATE INDEX by_subject ON statement(subject);",
        )?;
        Ok(Self(db))
    }
}

impl Peer for Sqlite {
    fn store(&mut self, batch: u64, seal: &[u8; 184], rows: &[Row], leaves: &[[u8; 32]]) -> Result<(), Fail> {
        let transaction = self.0.transaction()?;
        {
            let batch = i64::try_from(batch)?;
            let mut seals = transaction.prepare_cached("INSERT INTO seal(n, bytes) VALUES(?1, ?2)")?;
            seals.execute((batch, &seal[..]))?;
            let insert =
                "INSERT INTO statement(id, seal, product, subject, bytes) VALUES(?1, ?2, ?3, ?4, ?5)";
            let mut statements = transaction.prepare_cached(insert)?;
            for (row, leaf) in rows.iter().zip(leaves) {
                statements.execute((&leaf[..], batch, &row.product, &subject(row)[..], &row.bytes))?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn finish(&mut self) -> Result<(), Fail> {
        Ok(self.0.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }
}

/// sled with a key per record, flushed and synced after every submission (its own flush does not sync).
pub struct Sled {
    db: sled::Db,
    file: PathBuf,
    next: u64,
}

impl Sled {
    pub fn create(dir: &Path) -> Result<Self, Fail> {
        let db = sled::Config::new().path(dir).cache_capacity(64 << 20).flush_every_ms(None).open()?;
        Ok(Self { db, file: dir.join("db"), next: 0 })
    }
}

impl Peer for Sled {
    fn store(&mut self, batch: u64, seal: &[u8; 184], rows: &[Row], leaves: &[[u8; 32]]) -> Result<(), Fail> {
        let mut changes = sled::Batch::default();
        changes.insert(&[&b"l"[..], &batch.to_be_bytes()].concat()[..], &seal[..]);
        for (row, leaf) in rows.iter().zip(leaves) {
            let n = self.next.to_be_bytes();
            self.next += 1;
            changes.insert([&b"n"[..], &n].concat(), row.bytes.clone());
            changes.insert([&b"i"[..], leaf].concat(), &n);
            changes.insert([b"p", row.product.as_bytes(), &n].concat(), &[]);
            changes.insert([&b"u"[..], &subject(row), &n].concat(), &[]);
        }
        self.db.apply_batch(changes)?;
        self.finish()
    }

    fn finish(&mut self) -> Result<(), Fail> {
        self.db.flush()?;
        Ok(File::open(&self.file)?.sync_all()?)
    }
}

const SEALS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("seals");
const STATEMENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("statements");
const IDS: TableDefinition<'_, &[u8], u64> = TableDefinition::new("ids");
const PRODUCTS: TableDefinition<'_, (&str, u64), ()> = TableDefinition::new("products");
const SUBJECTS: TableDefinition<'_, (&[u8], u64), ()> = TableDefinition::new("subjects");

/// redb, one durable transaction a submission.
pub struct Redb {
    db: redb::Database,
    next: u64,
}

impl Redb {
    pub fn create(dir: &Path) -> Result<Self, Fail> {
        std::fs::create_dir_all(dir)?;
        let db = redb::Database::builder().set_cache_size(64 << 20).create(dir.join("ledger.redb"))?;
        Ok(Self { db, next: 0 })
    }
}

impl Peer for Redb {
    fn store(&mut self, batch: u64, seal: &[u8; 184], rows: &[Row], leaves: &[[u8; 32]]) -> Result<(), Fail> {
        let transaction = self.db.begin_write()?;
        {
            transaction.open_table(SEALS)?.insert(batch, &seal[..])?;
            let mut statements = transaction.open_table(STATEMENTS)?;
            let mut ids = transaction.open_table(IDS)?;
            let mut products = transaction.open_table(PRODUCTS)?;
            let mut subjects = transaction.open_table(SUBJECTS)?;
            for (row, leaf) in rows.iter().zip(leaves) {
                statements.insert(self.next, &row.bytes[..])?;
                ids.insert(&leaf[..], self.next)?;
                products.insert((&row.product[..], self.next), ())?;
                subjects.insert((&subject(row)[..], self.next), ())?;
                self.next += 1;
            }
        }
        Ok(transaction.commit()?)
    }

    fn finish(&mut self) -> Result<(), Fail> {
        Ok(())
    }
}

/// fjall, one synced batch a submission.
pub struct Fjall {
    db: fjall::Database,
    keyspaces: [fjall::Keyspace; 5],
    next: u64,
}

impl Fjall {
    pub fn create(dir: &Path) -> Result<Self, Fail> {
        let db = fjall::Database::builder(dir).cache_size(64 << 20).open()?;
        let open = |name| db.keyspace(name, fjall::KeyspaceCreateOptions::default);
        let keyspaces =
            [open("seals")?, open("statements")?, open("ids")?, open("products")?, open("subjects")?];
        Ok(Self { db, keyspaces, next: 0 })
    }
}

impl Peer for Fjall {
    fn store(&mut self, batch: u64, seal: &[u8; 184], rows: &[Row], leaves: &[[u8; 32]]) -> Result<(), Fail> {
        let [seals, statements, ids, products, subjects] = &self.keyspaces;
        let mut changes = self.db.batch().durability(Some(fjall::PersistMode::SyncAll));
        changes.insert(seals, &batch.to_be_bytes()[..], &seal[..]);
        for (row, leaf) in rows.iter().zip(leaves) {
            let n = self.next.to_be_bytes();
            self.next += 1;
            changes.insert(statements, &n[..], &row.bytes[..]);
            changes.insert(ids, &leaf[..], &n[..]);
            changes.insert(products, [row.product.as_bytes(), &n].concat(), &b""[..]);
            changes.insert(subjects, [&subject(row)[..], &n].concat(), &b""[..]);
        }
        Ok(changes.commit()?)
    }

    fn finish(&mut self) -> Result<(), Fail> {
        Ok(self.db.persist(fjall::PersistMode::SyncAll)?)
    }
}
