/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The log under the store: records of a type and some bytes, appended by any thread, made safe in groups by one committer
 * thread, and read back by their sequence. It never knows what a record means.
 */
package io.bascule.store.log;
