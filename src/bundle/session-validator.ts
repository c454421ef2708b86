/**
 * The SDK of the session revisions takes ajv to check what a person answered to a form. Ajv compiles
 * schemas with `new Function`, which Workers forbid, so it never could; the validator that the SDK of
 * the stateless revision has for Workers keeps the same contract.
 */
export { CfWorkerJsonSchemaValidator as AjvJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
