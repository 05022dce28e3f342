/** Names the file that the trap writes to, in a program's environment. */
export const NETWORK_LOG = "TOOLEXPANDER_TEST_NETWORK_LOG";
