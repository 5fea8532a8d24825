import { describe, expect, test } from 'vitest';
import { label, labelNamed, labelsOf, searchTerms, tagName } from './labels.ts';

describe.each([
  ['imagenet', 1000],
  ['coco', 80],
  ['face', 1],
] as const)('labels of %s', (source, size) => {
  const labels = labelsOf(source);

  test('has a class for every output of the model', () => {
    expect(labels).toHaveLength(size);
  });

  test('names no two classes alike, in either language', () => {
    for (const key of ['name', 'zh'] as const) {
      const names = labels.map((one) => one[key].toLowerCase());
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('is complete: English, Han characters, broader terms in both', () => {
    for (const { name, zh, broader, broaderZh } of labels) {
      expect(name).toMatch(/^[\p{L}\p{N}' ()-]+$/u);
      expect(zh, name).toMatch(/\p{Script=Han}/u);
      expect(broader.length, name).toBeGreaterThan(0);
      expect(broader.join(), name).toBe(broader.join().toLowerCase());
      expect(new Set(broader).size, name).toBe(broader.length);
      expect(broaderZh.length, name).toBeGreaterThan(0);
      for (const term of broaderZh) expect(term, name).toMatch(/^\p{Script=Han}+$/u);
    }
  });
});

describe('ImageNet', () => {
  // Anchors across the list: a line lost or doubled anywhere shifts one of them.
  test.each([
    [0, 'tench'],
    [134, 'crane (bird)'],
    [207, 'golden retriever'],
    [268, 'Mexican hairless dog'],
    [281, 'tabby cat'],
    [340, 'zebra'],
    [444, 'tandem bicycle'],
    [517, 'crane (machine)'],
    [638, 'maillot'],
    [639, 'one-piece swimsuit'],
    [671, 'mountain bike'],
    [751, 'race car'],
    [817, 'sports car'],
    [920, 'traffic light'],
    [954, 'banana'],
    [980, 'volcano'],
    [999, 'toilet paper'],
  ])('class %i is %s', (index, name) => {
    expect(label('imagenet', index).name).toBe(name);
  });

  test('"dog" and 狗 find the 118 breeds and nothing else', () => {
    const found = labelsOf('imagenet').flatMap(({ broader, broaderZh }, index) =>
      broader.includes('dog') && broaderZh.includes('狗') ? [index] : [],
    );
    expect(found).toEqual(Array.from({ length: 118 }, (_, index) => 151 + index));
    expect(found).toHaveLength(118);
  });

  test('common words find what they should', () => {
    const namesFor = (term: string) => labelsOf('imagenet').flatMap((one) => (searchTerms('imagenet', one.name).includes(term) ? [one.name] : []));
    expect(namesFor('cat')).toEqual(['tabby cat', 'tiger cat', 'Persian cat', 'Siamese cat', 'Egyptian cat']);
    expect(namesFor('bird')).toHaveLength(59);
    expect(namesFor('car')).toEqual(expect.arrayContaining(['sports car', 'taxi', 'jeep', 'minivan']));
    expect(namesFor('水果')).toEqual(expect.arrayContaining(['banana', 'lemon', 'strawberry']));
    expect(namesFor('food')).toEqual(expect.arrayContaining(['pizza', 'bagel', 'broccoli', 'ice cream']));
  });
});

test('COCO is in the order of its classes', () => {
  expect([0, 1, 16, 39, 62, 79].map((index) => label('coco', index).name)).toEqual([
    'person',
    'bicycle',
    'dog',
    'bottle',
    'television',
    'toothbrush',
  ]);
});

test('a name is shown in the language, an unknown one as it is', () => {
  expect(tagName('coco', 'dog', 'zh-CN')).toBe('狗');
  expect(tagName('coco', 'dog', 'en')).toBe('dog');
  expect(tagName('coco', 'gryphon', 'zh-CN')).toBe('gryphon');
  expect(labelNamed('face', 'face')?.zh).toBe('人脸');
  expect(searchTerms('coco', 'gryphon')).toEqual([]);
  expect(() => label('coco', 80)).toThrow(RangeError);
});
