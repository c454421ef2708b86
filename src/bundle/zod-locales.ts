/** The only language in which zod's messages are read here; zod brings some sixty, and a bundler keeps them all. */
export { default as en } from "zod/v4/locales/en.js";
