/**
 * The Vulkan driver that tests of the WebGPU device run on. Debian's packages of Chromium bring SwiftShader, which computes on
 * the CPU, and the loader that onnxruntime opens; Windows and macOS have what WebGPU needs.
 */
import { existsSync } from "node:fs";

/** Where Debian's packages lie. */
const debian = "/usr/lib/chromium";

/** The driver, and the browser of the tests (scripts/editor/browser.ts). */
export const installLine = "apt-get update && apt-get install -y --no-install-recommends chromium-headless-shell";

export interface WebgpuForTests {
  /** What to add to the environment of a test process. Empty where nothing can run WebGPU. */
  environment: Record<string, string>;
  available: boolean;
}

/** `TOOLEXPANDER_TEST_WEBGPU` is what tests look at: see `withoutWebgpu` in the engine's testing folder. */
export function webgpuForTests(inherited: NodeJS.ProcessEnv, chromium = debian): WebgpuForTests {
  const enabled = { TOOLEXPANDER_TEST_WEBGPU: "1" };
  // Whoever names a driver, or asks for the real device, gets that.
  if (process.platform !== "linux" || inherited.VK_DRIVER_FILES || inherited.TOOLEXPANDER_TEST_WEBGPU) {
    return { environment: enabled, available: true };
  }
  const driver = `${chromium}/vk_swiftshader_icd.json`;
  if (!existsSync(driver)) return { environment: {}, available: false };
  const libraries = [inherited.LD_LIBRARY_PATH, chromium].filter(Boolean).join(":");
  return { environment: { ...enabled, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: libraries }, available: true };
}
