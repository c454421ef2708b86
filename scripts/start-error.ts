/** Something the person who starts the project can put right: shown as a sentence, without a stack. */
export class StartError extends Error {
  override name = "StartError";
}
