/**
 * Words of feeling, by our own choice: what people say when something moves, surprises, pleases or frightens them. They tell arousal rather than
 * approval, for a highlight may be either; everyday politeness ("nice", "good", "thanks") is left out. Values: 1 strong, 0.5 mild.
 */
const STRONG_ENGLISH = `
amazing amazed amazingly astonishing astonished astounding awesome unbelievable unbelievably incredible incredibly insane insanely crazy wow whoa omg
fantastic wonderful magnificent spectacular phenomenal extraordinary brilliant stunning breathtaking epic legendary mindblowing miracle miraculous
love loved adore thrilled thrilling ecstatic overjoyed euphoric excited exciting passion passionate
hate hated furious outrageous outraged disgusting disgusted horrible horrific horrifying terrible terrifying terrified awful appalling devastating devastated
disaster disastrous catastrophe catastrophic nightmare tragedy tragic shocking shocked panic scream screamed screaming terror horror
hilarious hysterical laughing laughed cry cried crying tears heartbreaking heartbroken
victory triumph triumphant champion champions goal score won winner explosion exploded explode died killed death deadly
impossible hooray hurray yay bravo damn hell shit fuck fucking`;
const MILD_ENGLISH = `
happy happiness joy joyful glad delighted proud pride beautiful gorgeous perfect great superb excellent best fun funny laugh joke smile grateful
sad sadness angry anger afraid fear scared scary worried worry anxious upset lonely hurt hurts pain painful suffer suffered suffering regret ashamed guilty
surprise surprised surprising surprisingly suddenly unexpected unexpectedly weird strange wild mad ridiculous absurd bizarre secret dangerous danger risk
hope dream dreams wish fight fighting battle struggle struggled win winning lose lost losing fail failed failure success successful
huge enormous massive giant tremendous extremely absolutely totally completely literally seriously really truly deeply desperately
important crucial critical vital urgent historic revolutionary breakthrough worst hardest first biggest greatest finally ever never god`;
const STRONG_CHINESE = `
太棒了 太好了 太美了 太厉害 太神奇 太疯狂 太可怕 太惨 太爽 厉害 牛逼 神奇 震惊 震撼 惊人 惊艳 惊呆 难以置信 不可思议 不敢相信 天哪 天啊 我的天 哇 哇塞 卧槽 我靠
激动 兴奋 狂喜 狂欢 疯狂 热爱 爱死 感动 热泪 泪流满面 流泪 大哭 痛哭 心碎 崩溃 绝望 愤怒 气死 恨 恐怖 可怕 吓死 惊恐 惨剧 悲剧 灾难 噩梦 惨烈 尖叫
胜利 冠军 夺冠 赢了 进球 绝杀 逆转 奇迹 爆炸 死亡 牺牲 笑死 爆笑 太搞笑 万岁 加油 完美 史诗 传奇 伟大`;
const MILD_CHINESE = `
开心 高兴 快乐 幸福 喜欢 喜悦 骄傲 自豪 美丽 漂亮 精彩 优秀 最好 有趣 好玩 搞笑 好笑 笑 感谢 感激 温暖
难过 伤心 悲伤 生气 害怕 担心 焦虑 紧张 孤独 痛苦 受伤 后悔 羞愧 委屈 失望 遗憾 无奈
惊讶 惊喜 意外 突然 竟然 居然 没想到 奇怪 诡异 荒唐 离谱 秘密 危险 冒险 刺激 挑战 奋斗 战斗 梦想 希望 成功 失败 赢 输
巨大 极其 非常 特别 简直 绝对 完全 真的 终于 从来 第一次 最大 最难 最差 关键 重要 历史性 突破 革命`;

const listOf = (text: string): string[] => text.trim().split(/\s+/);

/** English words, in lower case. */
export const ENGLISH_EMOTION: ReadonlyMap<string, number> = new Map([...listOf(MILD_ENGLISH).map((word) => [word, 0.5] as const), ...listOf(STRONG_ENGLISH).map((word) => [word, 1] as const)]);

/** Chinese words, found anywhere in a text; the longer first. */
export const CHINESE_EMOTION: readonly (readonly [word: string, value: number])[] = [...listOf(STRONG_CHINESE).map((word) => [word, 1] as const), ...listOf(MILD_CHINESE).map((word) => [word, 0.5] as const)].sort(
  ([a], [b]) => b.length - a.length,
);
