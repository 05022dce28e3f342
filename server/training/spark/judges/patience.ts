/** Tells a question that gets no answer, which is skipped, from a model that gives none, which ends the generation. */

/** Questions without an answer one after the other, after which the model is taken to be at fault. */
const MOST_UNANSWERED = 5;

export class Patience {
  #isProven = false;
  #unanswered = 0;

  /** Whether any question has been answered. */
  get isProven(): boolean {
    return this.#isProven;
  }

  answered(): void {
    this.#isProven = true;
    this.#unanswered = 0;
  }

  /**
   * @param isOfTheQuestion whether it says nothing about the model even where no question was answered yet
   * @returns whether the model is at fault
   */
  unanswered(isOfTheQuestion: boolean): boolean {
    this.#unanswered++;
    return (!isOfTheQuestion && !this.#isProven) || this.#unanswered >= MOST_UNANSWERED;
  }
}
