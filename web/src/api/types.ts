// Owns the short names by which this UI calls the shapes of the native API. Does not own the shapes: they are generated
// from the server's document (`npm run api-types`), and `npm run check` fails when they are not those of openapi.json.
import type { components } from './schema';

type Shapes = components['schemas'];

export type Id = Shapes['Named']['id'];
/** A decimal string, always exact. Never turn it into a number: see money/format.ts. */
export type Money = Shapes['Amount'];
export type Moment = Shapes['Moment'];

export type Problem = Shapes['Problem'];
export type Session = Shapes['Session'];
export type Permission = Shapes['Permission'];

type PreferencesChangeBody = Shapes['PreferencesChangeBody'];
/** Without the nulls, which in a change take a key away: this UI only ever sets one. */
export type PreferencesChange = { [Key in keyof PreferencesChangeBody]: NonNullable<PreferencesChangeBody[Key]> };
export type Preferences = Omit<PreferencesChange, 'seen_version'> &
  Partial<Pick<Shapes['PreferencesBody'], 'version' | 'overtook'>>;
export type RowsPerPage = Shapes['RowsPerPage'];
export type Theme = Shapes['Theme'];
export type Density = Shapes['Density'];
export type Match = Shapes['Match'];

export type StatusCode = Shapes['StatusCode'];
export type StatusInfo = Shapes['StatusInfo'];
export type Statuses = Shapes['Items_for_StatusInfo'];
export type Status = Shapes['StatusBody'];
export type AccountStatusCode = Shapes['AccountStatusCode'];
export type ReasonCode = Shapes['ReasonCode'];
export type ReasonValue = Shapes['ReasonValueBody'];
export type ReasonValues = Record<string, ReasonValue>;
export type Tone = Shapes['Tone'];
export type Permits = Shapes['PermitsBody'];

/** What every paged list answers, whatever its rows. */
export interface Page<Row> extends Omit<Shapes['CustomerPageBody'], 'items'> {
  items: Row[];
}

export type BalanceControl = Shapes['BalanceControl'];
export type CustomerRow = Shapes['CustomerRowBody'];
export type Customer = Shapes['CustomerBody'];
export type CustomerClass = Shapes['CustomerClassBody'];
export type Currency = Shapes['CurrencyInfo'];
export type Currencies = Shapes['Items_for_CurrencyInfo'];
export type Account = Shapes['AccountBody'];
export type BulkReport = Shapes['BulkReportBody'];
export type BulkItem = Shapes['BulkItemBody'];
export type CustomerSummary = Shapes['SummaryBody'];
export type BillingPeriod = Shapes['BillingPeriod'];
export type TimeZones = Shapes['Items_for_ZoneInfo'];
export type CustomerType = Shapes['CustomerType'];
export type CustomerAction = Shapes['CustomerAction'];
export type PostingAction = Shapes['PostingAction'];
export type Transaction = Shapes['TransactionBody'];
export type SavedView = Shapes['SavedViewBody'];
export type SavedViewChanged = Shapes['SavedViewChangedBody'];
export type SavedViews = Shapes['Items_for_SavedViewBody'];
export type AccountModel = Shapes['AccountModel'];
export type Xdr = Shapes['XdrBody'];
export type AccountStatuses = Shapes['Items_for_AccountStatusInfo'];
export type AccountSummary = Shapes['AccountSummaryBody'];
export type XdrDetail = Shapes['XdrDetailBody'];
export type XdrSummary = Shapes['XdrSummaryBody'];
export type Product = Shapes['ProductBody'];
export type Held = Shapes['HeldBody'];
export type Bundle = Shapes['BundleBody'];
export type BundleItem = Shapes['BundleItemBody'];
export type AccountItem = Shapes['AccountItemBody'];
export type ItemPeriod = Shapes['ItemPeriodBody'];
export type Tariff = Shapes['TariffBody'];
export type Rate = Shapes['RateBody'];
export type RatePage = Shapes['RatePageBody'];
export type RateChanges = Shapes['RateChangesBody'];
export type ImportReport = Shapes['ImportBody'];
export type Price = Shapes['PriceBody'];
export type PriceStep = Shapes['StepBody'];
export type Did = Shapes['DidBody'];
export type Nas = Shapes['NasBody'];
export type UsageSession = Shapes['SessionBody'];
