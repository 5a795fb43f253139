/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The file that a store is exported to and imported from: JSON, a line for each session, message and retained message. It never knows where
 * they are kept.
 */
package io.bascule.store.transfer;
