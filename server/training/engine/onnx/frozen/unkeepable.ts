/** The message says which number cannot be kept, to go on a sentence that names its tensor. */
export class Unkeepable extends Error {
  override readonly name = "Unkeepable";
}
