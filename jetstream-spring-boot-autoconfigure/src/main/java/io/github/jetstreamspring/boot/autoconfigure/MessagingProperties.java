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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.Map;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What messages say of their payloads.
 *
 * @param typeHeader Header that holds the name of the type that a payload is of.
 * @param types Classes of payloads by the names that messages have for them. A class that
 * is not among them is known by its simple name in kebab case.
 * @since 0.1.0
 */
public record MessagingProperties(@DefaultValue(JetStreamHeaders.MESSAGE_TYPE) String typeHeader,
		@DefaultValue Map<String, Class<?>> types) {

	/**
	 * Checks the values.
	 */
	public MessagingProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("type-header", HeaderFields.isName(typeHeader) && !HeaderFields.isReserved(typeHeader),
				"it must be the name of a header, such as Message-Type, and none of the server's own (Nats-...)");
		types.keySet()
			.forEach((name) -> checks.check("types." + name,
					!name.isBlank() && name.equals(name.strip()) && HeaderFields.isValue(name),
					"a name must be text on one line"));
		checks.throwIfAny();
	}

}
