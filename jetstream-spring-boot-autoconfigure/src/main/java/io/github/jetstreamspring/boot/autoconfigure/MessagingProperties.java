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
import io.github.jetstreamspring.messaging.PayloadCompression;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What messages say of their payloads.
 *
 * @param typeHeader Header that holds the name of the type that a payload is of.
 * @param types Classes of payloads by the names that messages have for them. A class that
 * is not among them is known by its simple name in kebab case.
 * @param compressAbove Payloads of more bytes are compressed when they are published.
 * Default is not to compress.
 * @param compression How payloads are compressed when they are published.
 * @param maxDecompressedSize Most bytes of a payload after it is decompressed. A message
 * with more becomes a dead letter.
 * @since 0.1.0
 */
public record MessagingProperties(@DefaultValue(JetStreamHeaders.MESSAGE_TYPE) String typeHeader,
		@DefaultValue Map<String, Class<?>> types, @Nullable DataSize compressAbove,
		@DefaultValue("gzip") PayloadCompression compression, @DefaultValue("16MB") DataSize maxDecompressedSize) {

	// What is said of the components, for when none of them is set
	static final MessagingProperties DEFAULTS = new MessagingProperties(JetStreamHeaders.MESSAGE_TYPE, Map.of(), null,
			PayloadCompression.GZIP, DataSize.ofMegabytes(16));

	/**
	 * Checks the values.
	 */
	public MessagingProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("type-header", HeaderFields.isName(typeHeader) && !HeaderFields.isReserved(typeHeader),
				"it must be the name of a header, such as Message-Type, and none of the server's own (Nats-...)");
		for (String name : types.keySet()) {
			checks.check("types." + name, !name.isBlank() && name.equals(name.strip()) && HeaderFields.isValue(name),
					"a name must be text on one line");
		}
		checks.check("compress-above", compressAbove == null || !compressAbove.isNegative(), "it must not be negative");
		checks.check("compression", compression.isAvailable(),
				"zstd needs the library %s on the class path".formatted(PayloadCompression.ZSTD_LIBRARY));
		checks.check("max-decompressed-size",
				maxDecompressedSize.toBytes() > 0 && maxDecompressedSize.toBytes() <= Integer.MAX_VALUE - 8,
				"it must be positive and less than 2GB");
		checks.throwIfAny();
	}

}
