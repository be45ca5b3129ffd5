//! Where the pieces of a graph stand in its picture: in columns, what the root leads to on the right of it, what leads to it
//! on the left, one column for each link of distance.
//!
//! Whole numbers only, and no order but that of the pieces: the same graph is the same picture, to the byte. Columns and rows
//! make that no two pieces overlap, whatever their number; a test looks all the same.

/// Width and height of a note.
pub(super) const NOTE: (i32, i32) = (208, 62);
/// Between two notes above one another.
const ROW_GAP: i32 = 14;
/// Between two notes of a grid.
const GRID_GAP: i32 = 8;
/// Inside the frame of a grid.
const GRID_EDGE: i32 = 10;
/// Height of the head of a grid.
pub(super) const GRID_HEAD: i32 = 28;
/// Between two columns, where links run and say their type.
pub(super) const GUTTER: i32 = 130;
/// Round the whole.
const EDGE: i32 = 16;
/// Above a column that is lower than the others.
const TOP_MAX: i32 = 220;
/// Notes side by side in a grid.
const GRID_COLUMNS_MAX: usize = 8;

/// On which side of the root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

/// One piece, before it has a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    /// The piece it hangs on, which stands before it; none for the root.
    pub(super) on: Option<usize>,
    /// Where the root's own pieces go; others stand on the side of what they hang on.
    pub(super) side: Side,
    /// By what the pieces that hang on the same one are told apart.
    pub(super) bond: String,
    /// Notes of a grid; none for a single one.
    pub(super) grid: Option<usize>,
}

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Place {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Place {
    pub(super) const fn middle(&self) -> i32 {
        self.y.saturating_add(self.height.saturating_div(2))
    }

    pub(super) const fn right(&self) -> i32 {
        self.x.saturating_add(self.width)
    }

    #[cfg(test)]
    const fn bottom(&self) -> i32 {
        self.y.saturating_add(self.height)
    }

    pub(super) const fn x_and(&self, more: i32) -> i32 {
        self.x.saturating_add(more)
    }

    pub(super) const fn y_and(&self, more: i32) -> i32 {
        self.y.saturating_add(more)
    }

    pub(super) const fn right_less(&self, less: i32) -> i32 {
        self.right().saturating_sub(less)
    }

    /// The place of one note of a grid of so many.
    pub(super) fn cell(&self, count: usize, number: usize) -> Self {
        let columns = columns(count);
        let (row, column) = (number.checked_div(columns).unwrap_or(0), number.checked_rem(columns).unwrap_or(0));
        Self {
            x: self.x.saturating_add(GRID_EDGE).saturating_add(times(column, NOTE.0.saturating_add(GRID_GAP))),
            y: self.y.saturating_add(GRID_HEAD).saturating_add(times(row, NOTE.1.saturating_add(GRID_GAP))),
            width: NOTE.0,
            height: NOTE.1,
        }
    }
}

/// A piece in its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Placed {
    pub(super) place: Place,
    pub(super) side: Side,
    /// From 0, the root's.
    pub(super) column: usize,
}

/// All pieces in their places, in the order in which they came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    pub(super) placed: Vec<Placed>,
    /// Left and right of every column, by side and number.
    bounds: Vec<[(i32, i32); 2]>,
    pub(super) width: i32,
    pub(super) height: i32,
}

fn times(count: usize, size: i32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX).saturating_mul(size)
}

/// As many side by side that a grid is some twice as wide as it is high, as far as that is readable.
fn columns(count: usize) -> usize {
    (1..GRID_COLUMNS_MAX)
        .find(|columns| columns.saturating_mul(*columns).saturating_mul(4) >= count)
        .unwrap_or(GRID_COLUMNS_MAX)
}

fn size(shape: &Shape) -> (i32, i32) {
    let Some(count) = shape.grid else { return NOTE };
    let columns = columns(count);
    let along = |many: usize, one: i32| times(many, one.saturating_add(GRID_GAP)).saturating_sub(GRID_GAP);
    let width = along(columns, NOTE.0).saturating_add(GRID_EDGE.saturating_mul(2));
    let height = along(count.div_ceil(columns), NOTE.1).saturating_add(GRID_HEAD).saturating_add(GRID_EDGE);
    (width, height)
}

/// Gives every piece its place.
pub(super) fn lay_out(shapes: &[Shape]) -> Layout {
    let mut stood: Vec<(Side, usize)> = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let before = shape.on.and_then(|on| stood.get(on).copied());
        stood.push(match before {
            None => (Side::Right, 0),
            Some((_, 0)) => (shape.side, 1),
            Some((side, column)) => (side, column.saturating_add(1)),
        });
    }
    let last = stood.iter().map(|(_, column)| *column).max().unwrap_or(0);
    let stacks = stacked(shapes, &stood, last);
    let height = |stack: &[usize]| {
        let all = stack.iter().filter_map(|piece| shapes.get(*piece)).map(|shape| size(shape).1);
        all.fold(0_i32, |sum, one| sum.saturating_add(one).saturating_add(ROW_GAP)).saturating_sub(ROW_GAP).max(0)
    };
    let width = |stack: &[usize]| {
        stack.iter().filter_map(|piece| shapes.get(*piece)).map(|shape| size(shape).0).max().unwrap_or(0)
    };
    let highest = stacks.iter().flatten().map(|stack| height(stack)).max().unwrap_or(0);
    let bounds = bounded(&stacks, width);
    let mut placed = vec![Placed { place: Place::default(), side: Side::Right, column: 0 }; shapes.len()];
    for (column, (pair, limits)) in stacks.iter().zip(&bounds).enumerate() {
        for ((stack, (left, right)), side) in pair.iter().zip(limits).zip([Side::Left, Side::Right]) {
            // In the middle, but of a very high picture near the top: where it begins to be read.
            let middle = highest.saturating_sub(height(stack)).saturating_div(2);
            let mut y = EDGE.saturating_add(middle.min(TOP_MAX));
            for piece in stack {
                let Some(shape) = shapes.get(*piece) else { continue };
                let (width, height) = size(shape);
                let x = if side == Side::Left { right.saturating_sub(width) } else { *left };
                if let Some(slot) = placed.get_mut(*piece) {
                    *slot = Placed { place: Place { x, y, width, height }, side, column };
                }
                y = y.saturating_add(height).saturating_add(ROW_GAP);
            }
        }
    }
    let right = bounds.iter().flatten().map(|(_, right)| *right).max().unwrap_or(0);
    let height = highest.saturating_add(EDGE.saturating_mul(2));
    Layout { placed, bounds, width: right.saturating_add(EDGE), height }
}

/// The pieces of every column, left and right, from top to bottom: those that hang on the same piece stand together, in the
/// order of what they hang on, so that no two of their links cross.
fn stacked(shapes: &[Shape], stood: &[(Side, usize)], last: usize) -> Vec<[Vec<usize>; 2]> {
    let mut stacks: Vec<[Vec<usize>; 2]> = vec![Default::default(); last.saturating_add(1)];
    let mut ranks = vec![0_usize; shapes.len()];
    for column in 0..=last {
        for side in [Side::Left, Side::Right] {
            let here = stood.iter().enumerate().filter(|(_, stands)| **stands == (side, column));
            let mut stack: Vec<usize> = here.map(|(piece, _)| piece).collect();
            stack.sort_by_key(|piece| {
                let shape = shapes.get(*piece);
                let on = shape.and_then(|shape| shape.on).and_then(|on| ranks.get(on)).copied();
                (on, shape.map(|shape| shape.bond.as_str()), *piece)
            });
            for (rank, piece) in stack.iter().enumerate() {
                if let Some(slot) = ranks.get_mut(*piece) {
                    *slot = rank;
                }
            }
            if let Some([left, right]) = stacks.get_mut(column) {
                *(if side == Side::Left { left } else { right }) = stack;
            }
        }
    }
    stacks
}

/// Left and right of every column.
fn bounded(stacks: &[[Vec<usize>; 2]], width: impl Fn(&[usize]) -> i32) -> Vec<[(i32, i32); 2]> {
    // The root's column is the first one, on the right; those on the left stand before it, the farthest first.
    let mut left = vec![(0, 0); stacks.len()];
    let mut x = EDGE;
    for (column, [stack, _]) in stacks.iter().enumerate().rev() {
        let wide = width(stack);
        if let Some(slot) = left.get_mut(column) {
            *slot = (x, x.saturating_add(wide));
        }
        if wide > 0 {
            x = x.saturating_add(wide).saturating_add(GUTTER);
        }
    }
    let mut bounds = Vec::with_capacity(stacks.len());
    for ([_, stack], left) in stacks.iter().zip(left) {
        let wide = width(stack);
        bounds.push([left, (x, x.saturating_add(wide))]);
        if wide > 0 {
            x = x.saturating_add(wide).saturating_add(GUTTER);
        }
    }
    bounds
}

impl Layout {
    /// From a piece to one that hangs on it: level to the edge of its column, then across the gutter.
    pub(super) fn wire(&self, on: usize, hung: usize) -> Option<String> {
        let (from, to) = (self.placed.get(on)?, self.placed.get(hung)?);
        let [_, right] = self.bounds.get(from.column)?;
        let [left, _] = self.bounds.get(from.column)?;
        let (start, edge, end) = match to.side {
            Side::Right => (from.place.right(), right.1, to.place.x),
            // The root's column is on the right; what stands on the left of it begins at its left edge.
            Side::Left if from.column == 0 => (from.place.x, right.0, to.place.right()),
            Side::Left => (from.place.x, left.0, to.place.right()),
        };
        let (y, until) = (from.place.middle(), to.place.middle());
        let bend = edge.saturating_add(end).saturating_div(2);
        // No line of no length: it would leave the tip at its end without a direction.
        let level = if start == edge { String::new() } else { format!("H{edge}") };
        Some(format!("M{start} {y}{level}C{bend} {y} {bend} {until} {end} {until}"))
    }

    /// Between two pieces that do not hang on each other; and whether it begins at the other one.
    pub(super) fn across(&self, one: usize, other: usize) -> Option<(String, bool)> {
        let (one, other) = (self.placed.get(one)?.place, self.placed.get(other)?.place);
        let beside = one.right() < other.x || other.right() < one.x;
        let turned = if beside { other.x < one.x } else { other.y < one.y };
        let (from, to) = if turned { (other, one) } else { (one, other) };
        let (start, y, until) = (from.right(), from.middle(), to.middle());
        // Above one another: round their side.
        let (bend, end) = match beside {
            true => (start.saturating_add(to.x).saturating_div(2), to.x),
            false => (start.max(to.right()).saturating_add(GUTTER.saturating_div(4)), to.right()),
        };
        Some((format!("M{start} {y}C{bend} {y} {bend} {until} {end} {until}"), turned))
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shapes() -> impl Strategy<Value = Vec<Shape>> {
        let one = (any::<prop::sample::Index>(), any::<bool>(), 0..4_u8, proptest::option::weighted(0.2, 2..400_usize));
        proptest::collection::vec(one, 0..120).prop_map(|rows| {
            let mut shapes = vec![Shape { on: None, side: Side::Right, bond: String::new(), grid: None }];
            for (on, left, bond, grid) in rows {
                let on = on.index(shapes.len());
                let side = if left { Side::Left } else { Side::Right };
                shapes.push(Shape { on: Some(on), side, bond: bond.to_string(), grid });
            }
            shapes
        })
    }

    fn apart(one: &Place, other: &Place) -> bool {
        one.right() <= other.x || other.right() <= one.x || one.bottom() <= other.y || other.bottom() <= one.y
    }

    proptest! {
        #[test]
        fn no_two_pieces_overlap_and_all_stand_in_the_picture(shapes in shapes()) {
            let layout = lay_out(&shapes);
            prop_assert_eq!(&layout, &lay_out(&shapes));
            for (number, one) in layout.placed.iter().enumerate() {
                let place = one.place;
                prop_assert!(place.x >= 0 && place.y >= 0 && place.right() <= layout.width && place.bottom() <= layout.height);
                for other in layout.placed.iter().skip(number + 1) {
                    prop_assert!(apart(&place, &other.place), "{:?} {:?}", place, other.place);
                }
                let Some(count) = shapes[number].grid else { continue };
                let cells: Vec<Place> = (0..count.min(60)).map(|cell| place.cell(count, cell)).collect();
                for (at, cell) in cells.iter().enumerate() {
                    prop_assert!(cell.x >= place.x && cell.right() <= place.right() && cell.bottom() <= place.bottom());
                    prop_assert!(cells.iter().skip(at + 1).all(|other| apart(cell, other)));
                }
            }
        }

        #[test]
        fn what_hangs_on_a_piece_stands_one_column_farther_from_the_root(shapes in shapes()) {
            let layout = lay_out(&shapes);
            for (shape, placed) in shapes.iter().zip(&layout.placed) {
                let Some(on) = shape.on else { continue };
                let on = layout.placed[on];
                prop_assert_eq!(placed.column, on.column + 1);
                match placed.side {
                    Side::Right => prop_assert!(placed.place.x >= on.place.right() + GUTTER),
                    Side::Left => prop_assert!(placed.place.right() + GUTTER <= on.place.x),
                }
            }
        }
    }
}
