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
package io.github.jetstreamspring.deadletter;

import java.util.List;
import java.util.OptionalLong;

/**
 * Some of the dead letters that a query is for.
 *
 * @param letters the letters, in the order that was asked for
 * @param next where the next page starts, for {@link DeadLetterQuery#from(long)}; empty
 * on the last page
 * @since 0.1.0
 */
public record DeadLetterPage(List<StoredDeadLetter> letters, OptionalLong next) {

	/**
	 * Copies the list.
	 */
	public DeadLetterPage {
		letters = List.copyOf(letters);
	}

}
