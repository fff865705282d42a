//! Owns what the carrier of the demo is: places it serves, classes, spending plans.
//! Does not own: its customers.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use trunkline_domain::customer::BalanceControl;
use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_class;
use trunkline_storage::spending::SpendingPlan;
use trunkline_usecase::error::Error;
use trunkline_usecase::{App, spending};

use crate::Failure;

/// Where customers live and what they pay in.
pub struct Place {
    pub currency: Currency,
    /// How many units buy what one euro buys, in hundredths: amounts stay believable in each currency.
    pub hundredths_per_euro: i64,
    pub zone: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    /// Legal form behind a company's name.
    pub form: &'static str,
    pub streets: &'static [&'static str],
    pub people: &'static [&'static str],
    pub companies: &'static [&'static str],
}

impl Place {
    /// About what `euros` are worth here, in whole steps of the currency.
    pub fn amount(&self, euros: i64) -> Money {
        let units = euros * self.hundredths_per_euro / 100;
        Money::from_units(units.max(1)).unwrap_or(Money::MAX)
    }

    /// The least amount that can be written in the currency.
    pub fn least(&self) -> Money {
        Money::from_millionths(10_i64.pow(6_u32.saturating_sub(self.currency.digits())))
    }
}

type Row = (
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const PLACES: &[Row] = &[
    (
        "EUR",
        100,
        "Europe/Berlin",
        "Musterstadt",
        "DE",
        "GmbH",
        &["Lindenallee", "Am Alten Hafen"],
        &["Jörg Weißenfels", "Käthe Bäumler"],
        &["Möwe & Söhne KG", "Straßenbau Öhler"],
    ),
    (
        "EUR",
        100,
        "Europe/Madrid",
        "Villanueva",
        "ES",
        "S.L.",
        &["Calle Mayor", "Paseo del Río"],
        &["Íñigo Peñalver", "Begoña Zubiría"],
        &["Panadería La Cigüeña"],
    ),
    ("GBP", 85, "Europe/London", "Eastminster", "GB", "Ltd", &["Harbour Road", "Mill Lane"], &["Siân Llewellyn-Rees"], &["O’Hara & Finch"]),
    (
        "USD",
        110,
        "America/New_York",
        "Fairhaven",
        "US",
        "Inc.",
        &["Maple Avenue", "Second Street"],
        &["D’Andre O’Neil-Price"],
        &["Blue Heron Diner"],
    ),
    ("USD", 110, "America/Los_Angeles", "Port Alder", "US", "LLC", &["Cedar Way", "Ocean Drive"], &[], &[]),
    (
        "JPY",
        16_000,
        "Asia/Tokyo",
        "海辺市",
        "JP",
        "K.K.",
        &["中央通り", "港町"],
        &["青木 さくら", "森川 健太"],
        &["株式会社青い鷺", "有限会社みなと商店"],
    ),
    ("KWD", 33, "Asia/Kuwait", "المدينة", "KW", "W.L.L.", &["شارع الخليج"], &["نورة العوضان", "سالم المزروقي"], &["شركة الصقر الأزرق"]),
    (
        "UAH",
        4_500,
        "Europe/Kyiv",
        "Новомість",
        "UA",
        "ТОВ",
        &["вулиця Садова"],
        &["Оксана Вербицька", "Тарас Журавель"],
        &["ТОВ «Синій журавель»"],
    ),
    ("CHF", 95, "Europe/Zurich", "Seedorf", "CH", "AG", &["Seestrasse"], &["Ueli Bächtiger"], &["Käserei Höhenweg"]),
    ("INR", 9_000, "Asia/Kolkata", "नयानगर", "IN", "Pvt Ltd", &["एम जी रोड"], &["अनन्या देसाईकर", "रोहन मेहतानी"], &["नीला बगुला ट्रेडर्स"]),
    ("AUD", 165, "Australia/Lord_Howe", "Lagoon Bay", "AU", "Pty Ltd", &["Lagoon Road"], &[], &["Reef & Ridge"]),
    (
        "BRL",
        560,
        "America/Sao_Paulo",
        "Vila Serena",
        "BR",
        "Ltda",
        &["Rua das Acácias"],
        &["Conceição Araújo Brandão"],
        &["Padaria Três Irmãos"],
    ),
];

/// The carrier's own records.
pub struct Carrier {
    pub places: Vec<Place>,
    pub classes: Vec<CustomerClass>,
    pub resellers_class: Id,
    plans: Vec<SpendingPlan>,
}

impl Carrier {
    /// A class that the customer can be in; large ones are much more frequent.
    pub fn class_for(&self, control: BalanceControl, is_company: bool, place: &Place, random: &mut ChaCha8Rng) -> Id {
        let wanted = match (control, is_company) {
            (BalanceControl::Prepaid, false) => "Prepaid",
            (BalanceControl::Prepaid, true) => "Prepaid business",
            (BalanceControl::Postpaid, false) => "Residential",
            (BalanceControl::Postpaid, true) if place.currency.code() == "EUR" && random.random_ratio(1, 10) => "Key accounts Europe",
            (BalanceControl::Postpaid, true) => "Business",
        };
        self.classes.iter().find(|class| class.name == wanted).map_or(self.resellers_class, |class| class.customer_class_id)
    }

    pub fn class(&self, customer_class_id: Id) -> Option<&CustomerClass> {
        self.classes.iter().find(|class| class.customer_class_id == customer_class_id)
    }

    pub fn plan_in(&self, currency: Currency) -> Option<Id> {
        self.plans.iter().find(|plan| plan.currency == currency).map(|plan| plan.spending_plan_id)
    }

    pub fn plan(&self, spending_plan_id: Id) -> Option<&SpendingPlan> {
        self.plans.iter().find(|plan| plan.spending_plan_id == spending_plan_id)
    }
}

/// Writes the classes and plans.
pub fn make(app: &App, now: Timestamp) -> Result<Carrier, Failure> {
    let mut places = Vec::new();
    for (currency, hundredths_per_euro, zone, city, country, form, streets, people, companies) in PLACES {
        places.push(Place {
            currency: Currency::parse(currency)?,
            hundredths_per_euro: *hundredths_per_euro,
            zone,
            city,
            country,
            form,
            streets,
            people,
            companies,
        });
    }
    let steps = |limit, suspend, terminate| CollectionPolicy {
        payment_terms_days: 15,
        limit_after_days: limit,
        suspend_after_days: suspend,
        terminate_after_days: terminate,
        close_after_days: 30,
    };
    let euro = Some(Currency::parse("EUR")?);
    let rows = [
        ("Residential", None, steps(Some(5), Some(15), Some(60)), false),
        ("Business", None, steps(Some(10), Some(20), Some(90)), false),
        ("Key accounts Europe", euro, steps(None, Some(30), None), false),
        ("Prepaid", None, steps(None, None, None), true),
        ("Prepaid business", None, steps(None, None, None), true),
        ("Resellers", None, steps(None, Some(10), Some(45)), false),
    ];
    let mut classes = Vec::new();
    for (name, currency, collection, suspend_on_insufficient_funds) in rows {
        classes.push(CustomerClass {
            customer_class_id: app.new_id(now)?,
            name: name.to_owned(),
            currency,
            collection,
            suspend_on_insufficient_funds,
            created_at: now,
            version: 1,
        });
    }
    let mut plans: Vec<SpendingPlan> = Vec::new();
    for place in &places {
        if plans.iter().any(|plan| plan.currency == place.currency) {
            continue;
        }
        plans.push(SpendingPlan {
            spending_plan_id: app.new_id(now)?,
            name: format!("Daily guard {}", place.currency),
            currency: place.currency,
            daily_limit: place.amount(20),
            warning_percent: Some(80),
        });
    }
    let resellers_class = classes.last().map_or(0, |class| class.customer_class_id);
    let (to_add, plans_to_add) = (classes.clone(), plans.clone());
    app.database
        .write::<_, Error, _>(move |tx| {
            for class in &to_add {
                customer_class::add(tx, class)?;
            }
            plans_to_add.iter().try_for_each(|plan| spending::add_plan(tx, plan, now))
        })
        .wait()??;
    Ok(Carrier { places, classes, resellers_class, plans })
}
