//! The publication gate, the page and the site.
