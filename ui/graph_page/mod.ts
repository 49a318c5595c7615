export { graphPage, type GraphPageOptions } from "./graph_page.ts";
