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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTextTests {

	private final Map<String, Object> value = new LinkedHashMap<>();

	ReportTextTests() {
		this.value.put("text", "plain");
		this.value.put("yes", "yes");
		this.value.put("number", "30");
		this.value.put("special", "a: \"b\" # c\n\t\\ é 日本");
		this.value.put("empty", "");
		this.value.put("wildcard", "*");
		this.value.put("count", 30);
		this.value.put("flag", true);
		this.value.put("nothing", List.of());
		this.value.put("none", Map.of());
		this.value.put("list", List.of("orders.>", "on", Map.of("name", "x", "tags", List.of("a", "b")), List.of("y")));
		this.value.put("map", Map.of("inner", Map.of("deep", "~")));
	}

	@Test
	void whatIsWrittenAsJsonIsReadTheSame() {
		assertThat(JsonMapper.shared().readValue(ReportText.json(this.value), Object.class)).isEqualTo(this.value);
	}

	@Test
	void whatIsWrittenAsYamlIsReadTheSame() {
		assertThat(new Yaml().<Map<String, Object>>load(ReportText.yaml(this.value))).isEqualTo(this.value);
	}

	@Test
	void yamlIsForPeople() {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("kind", "Stream");
		document.put("spec", Map.of("subjects", List.of("orders.>")));
		assertThat(ReportText.yaml(document)).isEqualTo("""
				kind: Stream
				spec:
				  subjects:
				    - "orders.>"
				""");
	}

}
