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

package io.github.jetstreamspring.observation;

import java.util.function.Supplier;

import io.micrometer.common.KeyValue;
import io.micrometer.common.docs.KeyName;

/**
 * A key value that is worked out when somebody asks for it. Without traces nobody asks
 * for those with many values.
 *
 * @param key the key
 * @param supplier works out the value
 */
record LateKeyValue(String key, Supplier<String> supplier) implements KeyValue {

	static KeyValue of(KeyName name, Supplier<String> supplier) {
		return new LateKeyValue(name.asString(), supplier);
	}

	@Override
	public String getKey() {
		return this.key;
	}

	@Override
	public String getValue() {
		return this.supplier.get();
	}

}
