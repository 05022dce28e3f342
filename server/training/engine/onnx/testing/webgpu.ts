/**
 * Why a test of the WebGPU device cannot run here, for `test(name, { skip: withoutWebgpu }, …)`; false where it can.
 * `npm test` and `npm run unit` find a Vulkan driver and say so in the environment; under CI they refuse to go on without one.
 */
export const withoutWebgpu: string | false = process.env.TOOLEXPANDER_TEST_WEBGPU
  ? false
  : "no Vulkan driver: run it with npm run unit, which looks for one";
