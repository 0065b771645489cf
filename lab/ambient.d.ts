/** Markup of a formula, made while the page is built. */
declare module "*.tex" {
  const markup: string;
  export default markup;
}
