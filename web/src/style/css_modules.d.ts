// Owns the type of a style sheet module. Does not own any style.
declare module '*.module.css' {
  const classNames: Readonly<Record<string, string>>;
  export default classNames;
}
