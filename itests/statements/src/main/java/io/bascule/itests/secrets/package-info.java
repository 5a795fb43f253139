/* SPDX-License-Identifier: Apache-2.0 */
/** By which secrets of tests are known wherever they come out. */
package io.bascule.itests.secrets;
