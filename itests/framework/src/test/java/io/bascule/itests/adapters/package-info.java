/* SPDX-License-Identifier: Apache-2.0 */
/** The adapters to event services, with the real event services. */
package io.bascule.itests.adapters;
