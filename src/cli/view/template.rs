//! What to type after a template was written.

use pcf_desk::template::{Template, TemplateKind};

use crate::hints;
use crate::output::{Page, Report};

impl Report for Template {
    fn text(&self, page: &mut Page) {
        let file = hints::path(&self.file);
        if let Some(export) = &self.export {
            page.line(format!("Wrote {file}: complete what it leaves empty, then"));
            page.line(format!("  pcf record {} --mapping {file} --sign-with acme.pem", hints::path(export)));
            return;
        }
        page.line(match self.kind {
            TemplateKind::Gate => format!("Wrote {file}: change what is to weigh otherwise, then"),
            _ => format!("Wrote {file}: replace its example, then"),
        });
        if matches!(self.kind, TemplateKind::Workbook) {
            page.line(format!("  pcf actor import {file} --sign-with operator.pem   (the operator, once)"));
        }
        page.line(match self.kind {
            TemplateKind::Products => format!("  pcf product add {file} --sign-with acme.pem"),
            TemplateKind::Factors => format!("  pcf factor add {file} --sign-with acme.pem"),
            TemplateKind::Gate => format!("  pcf publish PRODUCT --gate {file} …"),
            TemplateKind::Trust => format!("  pcf verify FILE.pcfproof --key VERIFIER-KEY --trust {file}"),
            TemplateKind::Actors => format!("  pcf actor import {file} --sign-with operator.pem"),
            _ => format!("  pcf record {file} --sign-with acme.pem"),
        });
    }
}
