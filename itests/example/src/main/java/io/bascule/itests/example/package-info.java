/* SPDX-License-Identifier: Apache-2.0 */
/** A bundle of somebody else's: it uses what the API offers, one class for each thing that docs/embedding.md explains. */
package io.bascule.itests.example;
