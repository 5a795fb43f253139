/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

/** When a record counts as safe. */
public enum Durability {
    /** When it is on disk: it survives a power cut. */
    FSYNC,
    /** When the operating system has it: it survives the process. */
    FLUSH,
    /** At once; it is written behind, and survives nothing for sure. */
    MEMORY
}
