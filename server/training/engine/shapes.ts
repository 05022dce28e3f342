/** Numbers in a tensor of this shape; one in a scalar's. */
export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
