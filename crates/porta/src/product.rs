//! Owns the service Product: reading products.
//! Does not own: what is done (usecase/product.rs).

use trunkline_usecase::domain::product::{Product, ProductKind};
use trunkline_usecase::error::Error;
use trunkline_usecase::product;

use crate::error::Fault;
use crate::page::page;
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::{pattern, service};

/// Conditions of the vendor that there is no data for.
const UNKNOWN_HERE: [&str; 4] = ["i_customer", "i_customer_class", "i_acl", "search"];

/// By name.
pub async fn get_product_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (name, currency) = (pattern::of_field(fields, "name")?, fields.text_given("iso_4217")?);
    let all = product::list(&call.state.app, &call.context).await??;
    let matching = all.iter().filter(|product| {
        let has_name = name.as_ref().is_none_or(|name| name.matches(&product.name));
        has_name && currency.as_deref().is_none_or(|currency| currency == product.currency.code())
    });
    let rows = matching.map(|product| write(product, call.object())).collect();
    page(&call, "product_list", rows)
}

pub async fn get_product_info(call: Call) -> Result<Reply, Fault> {
    let product_id = call.fields.id("i_product")?;
    let mut out = call.object();
    match product::get(&call.state.app, &call.context, product_id).await? {
        Ok(found) => out.raw("product_info", &write(&found, call.object())),
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(out.into())
}

/// A product as `product_info`.
fn write(product: &Product, mut out: Object) -> String {
    out.int("i_product", product.product_id);
    out.text("name", &product.name);
    out.text("iso_4217", product.currency.code());
    let (kind, priority) = match product.kind {
        ProductKind::Main => ("main", None),
        ProductKind::AddOn => ("addon", Some(product.priority)),
    };
    out.text("product_type", kind);
    out.int_or_null("addon_priority", priority);
    out.int_or_null("max_calls", product.calls.all);
    out.int_or_null("max_calls_out", product.calls.outgoing);
    out.int_or_null("max_calls_in", product.calls.incoming);
    let entries: Vec<String> = product
        .tariffs
        .iter()
        .map(|entry| {
            let mut out = Object::new(false);
            service::write(&mut out, entry.service.code());
            out.text("direction", entry.direction.code());
            out.int("i_tariff", entry.tariff_id);
            out.finish()
        })
        .collect();
    out.list("service_and_rating_list", &entries);
    out.finish()
}
