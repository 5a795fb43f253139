/* SPDX-License-Identifier: Apache-2.0 */
/** What is on disk, and what becomes of it when bundles, configurations and processes come and go. */
package io.bascule.itests.store;
