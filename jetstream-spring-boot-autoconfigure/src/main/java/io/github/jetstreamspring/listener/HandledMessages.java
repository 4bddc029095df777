/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.listener;

import java.util.Collection;
import java.util.Set;

/**
 * Remembers which messages are handled, in the transaction that handles them.
 *
 * @since 0.1.0
 * @see OnceMode
 */
public interface HandledMessages {

	/**
	 * Makes ready for the listeners that need it. Is called before the first one starts,
	 * and may be called again.
	 * @throws OnceUnavailableException if messages can't be handled once in this
	 * application
	 */
	default void prepare() {
	}

	/**
	 * Looks whether the work of a handler that is {@code @Transactional} is part of the
	 * transactions. Is called after {@link #prepare()}.
	 * @param transactionManager what the annotation calls its transaction manager; empty
	 * if it leaves that to the application
	 * @throws OnceUnavailableException if the work is in another transaction
	 */
	default void checkJoins(String transactionManager) {
	}

	/**
	 * Handles messages in a transaction of its own, which is bound to the current thread
	 * and records them as handled before anything else. Waits while somebody else has one
	 * of them in a transaction that is open.
	 * @param listener the listener's id
	 * @param messages what tells the messages from all others of the listener; not empty
	 * @param handler handles them
	 * @return those that are handled already; if there are any, the handler has not been
	 * called and nothing is recorded
	 * @throws Exception what the handler has thrown, after a rollback, or what the
	 * transaction has failed with
	 */
	Set<String> handle(String listener, Collection<String> messages, Handler handler) throws Exception;

	/**
	 * Handles messages.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Handler {

		/**
		 * Handles the messages.
		 * @return whether to commit; {@code false} to roll back, so that the messages
		 * aren't handled
		 * @throws Exception if that failed, to roll back
		 */
		boolean handle() throws Exception;

	}

}
