//! Products, and who may say what of their processes. An activity names its products by their tags.

use super::{Case, Pending};
use crate::admission::index::IndexError;
use crate::admission::products::HeldProduct;
use crate::admission::said::Deed;
use crate::admission::{Entry, Refusal, Scope};
use crate::codec::{product_tag, tags_of};
use crate::model::{ActorId, Product, ProductId, ProductTag, Salt, StatementKind};

impl<'a> Pending<'a> {
    pub(super) fn product(&mut self, product: &'a Product, entry: &Entry) -> Result<(), Refusal> {
        for id in &product.ids {
            self.right_to(id)?;
            let filed = product.ids.first();
            let held = self.filed_under(id)?;
            if held.is_some() && held.as_ref() != filed {
                let problem = format!("{id} is an id of the product filed under another id");
                return Err(Refusal::Reference { kind: StatementKind::Product, problem });
            }
        }
        self.same_tags(product)?;
        for (id, tag) in tags_of(product) {
            self.products.insert(id, (entry.id, product));
            self.tagged.insert(tag, id);
        }
        Ok(())
    }

    /// The tags of a product stay what they are, whatever its statements say: they are in the headers of its
    /// activities.
    fn same_tags(&self, product: &Product) -> Result<(), Refusal> {
        for id in &product.ids {
            let known = self.tag_salt(id)?;
            if known.is_some_and(|known| product.tag_salt != Some(known)) {
                let problem =
                    format!("expected the tagSalt that the earlier statements of {id} have, got another");
                return Err(Refusal::Reference { kind: StatementKind::Product, problem });
            }
        }
        Ok(())
    }

    fn tag_salt(&self, id: &ProductId) -> Result<Option<Salt>, IndexError> {
        match self.products.get(id) {
            Some((_, held)) => Ok(held.tag_salt),
            None => self.book.tag_salt(id),
        }
    }

    /// No product is known by the tag in a header: where the one that its body names is known, its tag is
    /// another.
    fn check_tag(&self, tag: &ProductTag, id: &ProductId) -> Result<(), Refusal> {
        if self.tag_salt(id)?.is_none_or(|salt| product_tag(&salt, id) == *tag) {
            return Ok(());
        }
        let problem = format!("its header has another tag than that of {id}, which its body names");
        Err(Refusal::Reference { kind: StatementKind::Activity, problem })
    }

    pub(super) fn activity(&self, deed: &Deed<'_>, case: &Case<'_>) -> Result<(), Refusal> {
        let (actor, stage) = (&self.actor, deed.stage);
        if let Some(rights) = &self.rights
            && !rights.stages.contains(&stage)
        {
            return Err(Refusal::NoStage { actor: actor.clone(), stage });
        }
        for (n, (tag, id)) in deed.products().enumerate() {
            if let Some(id) = id {
                self.right_to(id)?;
            }
            let held = if n == 0 { case.makes.clone() } else { self.book.product_tagged(tag)? };
            let Some(product) = self.tagged_or(tag, held.as_deref()) else {
                id.map_or(Ok(()), |id| self.check_tag(tag, id))?;
                if self.book.scope == Scope::Part {
                    continue;
                }
                return Err(match id {
                    Some(id) => Refusal::UnknownProduct { product: id.clone() },
                    None => Refusal::UnknownTag { tag: *tag },
                });
            };
            let output = self.id_with(product, tag, id)?;
            let listed = product.processes.iter().find(|p| p.stage == stage && p.name == *deed.process);
            let why = match listed {
                Some(process) if process.signers.contains(actor) => continue,
                Some(process) => {
                    let may: Vec<&str> = process.signers.iter().map(ActorId::as_str).collect();
                    format!("its product statement lets {} sign it", may.join(", "))
                }
                None => format!("its product statement lists no such process in the stage `{stage}`"),
            };
            let (process, product) = (deed.process.clone(), output.clone());
            return Err(Refusal::NoProcess { actor: actor.clone(), process, product, why });
        }
        Ok(())
    }

    /// As [`Self::held_or`], by the tag of an id.
    fn tagged_or<'b>(&'b self, tag: &ProductTag, held: Option<&'b HeldProduct>) -> Option<&'b Product> {
        let here = self.tagged.get(tag).and_then(|id| self.products.get(*id));
        here.filter(|(held, _)| !self.killed.contains_key(held))
            .map(|(_, product)| *product)
            .or_else(|| held.filter(|held| !self.killed.contains_key(&held.id)).map(|held| &held.statement))
    }

    /// The id of a product that has a tag: the one that the body names, where that is at hand.
    fn id_with<'b>(
        &self,
        product: &'b Product,
        tag: &ProductTag,
        named: Option<&ProductId>,
    ) -> Result<&'b ProductId, Refusal> {
        let found = tags_of(product).find(|(_, of)| of == tag).map(|(id, _)| id);
        let kind = StatementKind::Activity;
        match (found, named) {
            (Some(id), Some(named)) if id != named => {
                let problem = format!("its header has the tag of {id} where its body names {named}");
                Err(Refusal::Reference { kind, problem })
            }
            (Some(id), Some(_)) => Ok(id),
            (Some(id), None) => self.right_to(id).map(|()| id),
            (None, _) => Err(Refusal::UnknownTag { tag: *tag }), // not reached: the product was found by its tag
        }
    }
}
