/* SPDX-License-Identifier: Apache-2.0 */
/** The broker and its listeners, as clients and operators find them. */
package io.bascule.itests.broker;
