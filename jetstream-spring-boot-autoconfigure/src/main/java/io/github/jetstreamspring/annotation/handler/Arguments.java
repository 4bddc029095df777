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

package io.github.jetstreamspring.annotation.handler;

import java.util.List;

import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.RetryException;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.ConversionFailure;
import org.jspecify.annotations.Nullable;

/**
 * Gets the values of all parameters of a method from a message.
 */
final class Arguments {

	private final Argument[] arguments;

	Arguments(List<Argument> arguments) {
		this.arguments = arguments.toArray(new Argument[0]);
	}

	int count() {
		return this.arguments.length;
	}

	/**
	 * Gets the values.
	 * @param incoming the message
	 * @return the values, in the order of the parameters
	 * @throws UnprocessableMessageException if the message has not what the method needs
	 */
	@Nullable Object[] get(ArgumentSource incoming) {
		@Nullable Object[] values = new Object[this.arguments.length];
		try {
			for (int i = 0; i < values.length; i++) {
				values[i] = this.arguments[i].get(incoming);
			}
		}
		catch (DeadLetterException | RetryException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new UnprocessableMessageException(
					"The message doesn't fit the method (%s)".formatted(ex.getClass().getName()),
					ConversionFailure.withoutText(ex));
		}
		return values;
	}

}
