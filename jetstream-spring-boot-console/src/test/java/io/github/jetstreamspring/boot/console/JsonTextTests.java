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

package io.github.jetstreamspring.boot.console;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class JsonTextTests {

	@Test
	void everythingIsWrittenSoThatOthersReadTheSame() {
		Map<String, Object> value = new LinkedHashMap<>();
		value.put("text \"quoted\"\\", "a\n\0\u2028\t\"\\</script>\ud83d\ude00");
		value.put("numbers", Arrays.asList(1, -2, 0.5, null, true));
		value.put("empty", Map.of("list", List.of(), "map", Map.of()));
		String text = JsonText.of(value);
		assertThat(JsonMapper.shared().readTree(text)).isEqualTo(JsonMapper.shared().valueToTree(value));
		assertThat(text.chars()).allMatch((character) -> character >= ' ');
	}

	@Test
	void whatIsNoNumberIsText() {
		assertThat(JsonText.of(Double.NaN)).isEqualTo("\"NaN\"");
		assertThat(JsonText.of(Thread.State.NEW)).isEqualTo("\"NEW\"");
	}

}
