/** Something that was asked for and cannot be: shown as a sentence, with exit code 2. */
export class InputError extends Error {
  override name = "InputError";
}
