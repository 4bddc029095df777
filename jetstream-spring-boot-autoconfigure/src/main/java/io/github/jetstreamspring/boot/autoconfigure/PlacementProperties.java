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

import java.util.List;

import io.nats.client.api.Placement;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Which servers can hold a stream.
 *
 * @param cluster Name of the cluster.
 * @param tags Tags the servers have to have.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record PlacementProperties(@Nullable String cluster, @Nullable List<String> tags) {

	Placement toConfiguration() {
		Placement.Builder builder = Placement.builder();
		PropertyMapper map = PropertyMapper.get();
		map.from(this.cluster).to(builder::cluster);
		map.from(this.tags).to(builder::tags);
		return builder.build();
	}

}
